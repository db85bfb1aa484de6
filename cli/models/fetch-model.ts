import { mkdir, readFile, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  createGuardedDownload,
  type DownloadSettings,
} from '../../adapters/download/guarded-download.js';
import { AppError } from '../../domain/errors.js';
import { modelNameOf } from '../../domain/model/model-spec.js';
import { expectPlainNames } from '../../models/onnx/external-files.js';
import { parseOnnx } from '../../models/onnx/onnx-file.js';
import type { OnStep } from '../initialise.js';

export interface FetchOptions {
  readonly config: { readonly download: DownloadSettings };
  /** A new folder, which is whoever calls' to remove. */
  readonly folder: string;
  readonly signal?: AbortSignal;
  readonly onStep: OnStep;
}

/**
 * Fetches a model from an address, and its data files from beside it; all together are at most as
 * large as one download may be. Resolves with the path of its ONNX file.
 * @throws AppError for an address that is refused, and for a file that is no network.
 */
export async function fetchModel(address: string, options: FetchOptions): Promise<string> {
  const { folder, config, onStep, signal } = options;
  const incoming = join(folder, 'incoming');
  const home = join(folder, 'model');
  await Promise.all([mkdir(incoming), mkdir(home)]);
  onStep('downloading the model');
  const download = createGuardedDownload(config.download);
  const fetched = await download(address, { folder: incoming, signal });
  const extension = /\.pt$/i.test(fetched.name) ? '.pt' : '.onnx';
  const path = join(home, `${modelNameOf(fetched.name)}${extension}`);
  await rename(fetched.path, path);
  await fetchDataFiles(address, path, incoming, options);
  return path;
}

async function fetchDataFiles(
  address: string,
  path: string,
  incoming: string,
  { config: { download }, signal, onStep }: FetchOptions,
): Promise<void> {
  const { externalFiles } = parseOnnx(await readFile(path), address);
  expectPlainNames(address, externalFiles);
  let bytesLeft = download.maxBytes - (await stat(path)).size;
  for (const file of externalFiles) {
    onStep(`downloading its data file ${file}`);
    const limited = createGuardedDownload({ ...download, maxBytes: bytesLeft });
    const fetched = await limited(beside(address, file), { folder: incoming, signal }).catch(
      (error: unknown) => {
        throw asWeightsMissing(error, file);
      },
    );
    bytesLeft -= (await stat(fetched.path)).size;
    const target = join(dirname(path), file);
    await mkdir(dirname(target), { recursive: true });
    await rename(fetched.path, target);
  }
}

/** The address of a file beside another; what its query holds is for that one alone. */
function beside(address: string, file: string): string {
  return new URL(file.split('/').map(encodeURIComponent).join('/'), address).href;
}

function asWeightsMissing(error: unknown, file: string): unknown {
  if (!(error instanceof AppError)) return error;
  const problem = `The model keeps weights in ${JSON.stringify(file)} beside it: ${error.message}`;
  const advice = 'Put it there, or download all into one folder and add the model from there.';
  return new AppError(error.code, `${problem} ${advice}`, error.facts, { cause: error });
}
