import { mkdir, readFile, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  createGuardedDownload,
  type DownloadSettings,
} from '../../adapters/download/guarded-download.js';
import { AppError } from '../../domain/errors.js';
import { modelNameOf } from '../../domain/model/model-spec.js';
import { isKerasFile } from '../../models/keras/convert.js';
import { expectPlainNames } from '../../models/onnx/external-files.js';
import { parseOnnx } from '../../models/onnx/onnx-file.js';
import type { OnStep } from '../../stack/on-step.js';

export interface FetchOptions {
  readonly config: { readonly download: DownloadSettings };
  /** An empty folder, which the caller removes. */
  readonly folder: string;
  readonly signal?: AbortSignal;
  readonly onStep: OnStep;
}

/**
 * Downloads a model, and its data files from URLs relative to it; the size limit of one download
 * applies to their sum. Resolves with the path of the file.
 * @throws AppError `DOWNLOAD_FAILED` for a URL that is not allowed or fails, `LIMIT_EXCEEDED` for too many
 * bytes, `MODEL_INVALID` for a file that is not a model.
 */
export async function fetchModel(url: string, options: FetchOptions): Promise<string> {
  const { folder, config, onStep, signal } = options;
  const incoming = join(folder, 'incoming');
  const home = join(folder, 'model');
  await Promise.all([mkdir(incoming), mkdir(home)]);
  onStep('downloading the model');
  const download = createGuardedDownload(config.download);
  const fetched = await download(url, { folder: incoming, signal });
  const [extension = '.onnx'] = /\.(keras|pt|h5)$/i.exec(fetched.name) ?? [];
  const path = join(home, `${modelNameOf(fetched.name)}${extension}`);
  await rename(fetched.path, path);
  if (!isKerasFile(path)) await fetchDataFiles(url, path, incoming, options);
  return path;
}

async function fetchDataFiles(
  url: string,
  path: string,
  incoming: string,
  { config: { download }, signal, onStep }: FetchOptions,
): Promise<void> {
  const { externalFiles } = parseOnnx(await readFile(path), url);
  expectPlainNames(url, externalFiles);
  let bytesLeft = download.maxBytes - (await stat(path)).size;
  for (const file of externalFiles) {
    onStep(`downloading the data file ${file}`);
    const limited = createGuardedDownload({ ...download, maxBytes: bytesLeft });
    const fetched = await limited(relativeUrl(url, file), { folder: incoming, signal }).catch(
      (error: unknown) => {
        throw toDataFileError(error, file);
      },
    );
    bytesLeft -= (await stat(fetched.path)).size;
    const target = join(dirname(path), file);
    await mkdir(dirname(target), { recursive: true });
    await rename(fetched.path, target);
  }
}

/** URL of a file relative to another; the query is not inherited. */
function relativeUrl(url: string, file: string): string {
  return new URL(file.split('/').map(encodeURIComponent).join('/'), url).href;
}

function toDataFileError(error: unknown, file: string): unknown {
  if (!(error instanceof AppError)) return error;
  const problem = `The data file ${JSON.stringify(file)} of the model could not be downloaded: ${error.message}`;
  const advice =
    'Publish it next to the model, or download all files into one folder and add the model from there.';
  return new AppError(error.code, `${problem} ${advice}`, error.facts, { cause: error });
}
