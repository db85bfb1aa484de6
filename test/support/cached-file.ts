import { createHash, randomUUID } from 'node:crypto';
import { access, copyFile, mkdir, rename } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { readConfig } from '../../config/index.js';

/** Part of the key: increase it when the code that makes files changes. */
const VERSION = 1;

/**
 * Writes a generated file, which is generated only once per machine.
 * @param recipe Everything that determines the content, as JSON.
 * @param make Writes the file to the path that it gets, which has the extension of `path`.
 */
export async function writeCached(
  path: string,
  recipe: unknown,
  make: (path: string) => Promise<unknown>,
): Promise<void> {
  const hash = createHash('sha256')
    .update(JSON.stringify([VERSION, recipe]))
    .digest('hex');
  const cached = join(readConfig().cacheDir, 'test-clips', `${hash}${extname(path)}`);
  if (!(await exists(cached))) {
    await mkdir(dirname(cached), { recursive: true });
    const temporary = join(dirname(cached), `${randomUUID()}${extname(path)}`);
    await make(temporary);
    await rename(temporary, cached);
  }
  await copyFile(cached, path);
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
