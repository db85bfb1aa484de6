import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '../domain/errors.js';

/** Returns the absolute path of a project file, both from the sources and from `dist/`. */
export function projectFile(relative: string): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) {
      throw new AppError(
        'SETUP_FAILED',
        `Vidette's folder was not found: no package.json above the code. Install Vidette again.`,
      );
    }
    folder = parent;
  }
  return join(folder, relative);
}
