import { join } from 'node:path';
import { preparePython } from '../../bench/python-environment.js';

/** Creates the Python environment of these checks; takes about a minute. Returns its programs. */
export function prepareOpenapiTools(cacheDir: string): Promise<string> {
  return preparePython(cacheDir, 'openapi-tools', join(import.meta.dirname, 'requirements.txt'));
}
