import { realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../domain/errors.js';
import { isDataFile } from '../../domain/names.js';

/** Maximum size of a data file in bytes: Node cannot read a larger file into one buffer. */
const MAX_BYTES = 2 ** 31 - 1;

/**
 * Checks that the names of a model's data files are plain paths inside its folder.
 * @throws AppError `MODEL_INVALID` that names the first invalid one.
 */
export function expectPlainNames(title: string, files: readonly string[]): void {
  const wrong = files.find((file) => !isDataFile(file));
  if (wrong === undefined) return;
  throw invalid(
    `${title} refers to weights at ${JSON.stringify(wrong)}, which is not allowed because it is not a plain path inside its folder`,
    'export it again with the weights in the same folder, in a file named with letters and digits other than model.onnx and manifest.json',
  );
}

/**
 * Checks that a model's data files are regular files inside its folder, not reached by links.
 * @throws AppError `MODEL_INVALID` that names a file that is missing, not allowed or larger than 2 GiB.
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
    const advice = 'put it in the folder of the model, or export the model as one file';
    throw invalid(`${title}, which is missing`, advice);
  }
  const facts = await stat(found);
  if (found !== expected || !facts.isFile()) {
    throw invalid(
      `${title}, which is not allowed because it is a link or not a file`,
      'replace it by a copy',
    );
  }
  if (facts.size > MAX_BYTES) {
    const advice = 'export the model with its weights in several files';
    throw invalid(`${title}, which is larger than 2 GiB`, advice);
  }
}

function invalid(problem: string, advice: string): AppError {
  return new AppError('MODEL_INVALID', `${problem}: ${advice}`);
}
