import { join } from 'node:path';
import { readConfig } from '../../config/index.js';
import { preparePython } from '../../bench/python-environment.js';

/** Installs hadolint and podman-compose into the cache folder; returns the folder of these programs. */
export function prepareImageTools(): Promise<string> {
  const requirements = join(import.meta.dirname, 'requirements.txt');
  return preparePython(readConfig().cacheDir, 'image-tools', requirements);
}
