import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '../domain/errors.js';

/** Absolute path of a file of the project, from the sources as well as from the build in `dist/`. */
export function projectFile(relative: string): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) {
      throw new AppError('SETUP_FAILED', `Vidette's own folder, which holds ${relative}, is gone.`);
    }
    folder = parent;
  }
  return join(folder, relative);
}
