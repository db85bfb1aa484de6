import { realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { AppError } from '../../domain/errors.js';

/**
 * Expects a network's external weights to be files inside its folder, links followed.
 * @throws AppError `MODEL_INVALID` that names the file which is missing or lies outside.
 */
export async function expectExternalFiles(path: string, files: readonly string[]): Promise<void> {
  if (files.length === 0) return;
  const folder = await realpath(dirname(path));
  for (const file of files) {
    if (!isInside(folder, join(folder, file)) || isAbsolute(file)) throw outside(path, file);
    const found = await realpath(join(folder, file)).catch(() => undefined);
    if (found === undefined) throw missing(path, file);
    if (!isInside(folder, found)) throw outside(path, file);
  }
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function missing(path: string, file: string): AppError {
  return new AppError(
    'MODEL_INVALID',
    `${path} keeps weights in ${JSON.stringify(file)}, which is missing: put it beside the model, or export the model as one file`,
  );
}

function outside(path: string, file: string): AppError {
  return new AppError(
    'MODEL_INVALID',
    `${path} asks for weights at ${JSON.stringify(file)}, outside its folder, which is not allowed: put them beside the model and export it again`,
  );
}
