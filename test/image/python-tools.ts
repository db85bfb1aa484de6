import { join } from 'node:path';
import { readConfig } from '../../config/index.js';
import { preparePython } from '../../bench/python-environment.js';

/** Installs hadolint into the cache folder; returns their folder. */
export function prepareImageTools(): Promise<string> {
  const requirements = join(import.meta.dirname, 'requirements.txt');
  return preparePython(readConfig().cacheDir, 'image-tools', requirements);
}
