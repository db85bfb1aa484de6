import { realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../domain/errors.js';
import { isDataFile } from '../../domain/names.js';

/** A larger file cannot be read in one piece; a network of so many weights has several. */
const BYTES_MAX = 2 ** 31 - 1;

/**
 * Expects the names of a network's data files to be plain paths inside its folder.
 * @throws AppError `MODEL_INVALID` that names the first which is not.
 */
export function expectPlainNames(title: string, files: readonly string[]): void {
  const wrong = files.find((file) => !isDataFile(file));
  if (wrong === undefined) return;
  throw invalid(
    `${title} asks for weights at ${JSON.stringify(wrong)}, which is no plain path inside its folder and so not allowed`,
    'export it again with its weights beside it, under a name of letters and digits other than model.onnx and manifest.json',
  );
}

/**
 * Expects a network's data files to be files inside its folder, none of them reached by a link.
 * @throws AppError `MODEL_INVALID` that names the file which is missing or not allowed.
 */
export async function expectExternalFiles(path: string, files: readonly string[]): Promise<void> {
  expectPlainNames(path, files);
  if (files.length === 0) return;
  const folder = await realpath(dirname(path));
  for (const file of files) await expectFile(path, folder, file);
}

async function expectFile(path: string, folder: string, file: string): Promise<void> {
  const expected = join(folder, file);
  const found = await realpath(expected).catch(() => undefined);
  const title = `${path} keeps weights in ${JSON.stringify(file)}`;
  if (found === undefined) {
    const advice = 'put it beside the model, or export the model as one file';
    throw invalid(`${title}, which is missing`, advice);
  }
  const facts = await stat(found);
  if (found !== expected || !facts.isFile()) {
    throw invalid(`${title}, which is a link or no file and so not allowed`, 'put a copy there');
  }
  if (facts.size > BYTES_MAX) {
    const advice = 'export it with its weights in several files, or with smaller ones';
    throw invalid(`${title}, which is larger than 2 GiB`, advice);
  }
}

function invalid(problem: string, advice: string): AppError {
  return new AppError('MODEL_INVALID', `${problem}: ${advice}`);
}
