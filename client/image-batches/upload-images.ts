import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import pMap from 'p-map';
import { AppError } from '../../domain/errors.js';
import type { ImageBatchRequest } from '../../domain/image-batch/batch-request.js';
import { canonicalJson, modelBehaviourHash, sha256, sha256OfChunks } from '../../domain/hash.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { VidetteClientDeps } from '../deps.js';

/** Image or zip on this host. */
export interface LocalFile {
  /** Name in the table. */
  readonly name: string;
  readonly path: string;
}

/** Options of a batch of local files. */
export type LocalBatchOptions = Omit<ImageBatchRequest, 'bucket' | 'prefix' | 'zip' | 'list'>;

export interface UploadOptions {
  readonly signal?: AbortSignal;
  /** Called with the number of files that are in the store. */
  readonly onUpload?: (done: number) => void;
}

/** Files that are read or sent at the same time. */
const CONCURRENCY = 8;

interface HashedFile extends LocalFile {
  readonly sha256: string;
}

/**
 * Uploads images by their content into a batch, which its deletion removes; files that are in the store
 * are not sent again. Returns the request of the batch.
 */
export async function uploadImages(
  deps: VidetteClientDeps,
  files: readonly LocalFile[],
  options: LocalBatchOptions,
  { signal, onUpload }: UploadOptions = {},
): Promise<ImageBatchRequest> {
  if (files.length === 0) throw new AppError('INVALID_INPUT', 'A batch needs an image.');
  const hashed = await hashFiles(files, signal);
  const batch_id = options.batch_id ?? (await localBatchId(deps, hashed, options));
  let done = 0;
  const upload = async (file: HashedFile) => {
    await putOnce(deps, keys.imageInput(batch_id, file.sha256), file, signal);
    onUpload?.(++done);
  };
  await pMap(hashed, upload, { concurrency: CONCURRENCY, signal });
  const lines = hashed
    .map((file) => JSON.stringify({ key: keys.imageInput(batch_id, file.sha256), name: file.name }))
    .join('\n');
  const list = keys.imageInput(batch_id, sha256(lines));
  await deps.objects.put(BUCKETS.results, list, lines);
  return { ...options, batch_id, bucket: BUCKETS.results, list };
}

/** Uploads a zip like {@link uploadImages}. */
export async function uploadZip(
  deps: VidetteClientDeps,
  file: LocalFile,
  options: LocalBatchOptions,
  { signal }: UploadOptions = {},
): Promise<ImageBatchRequest> {
  const hashed = await hashFiles([file], signal);
  const batch_id = options.batch_id ?? (await localBatchId(deps, hashed, options));
  const zip = keys.imageInput(batch_id, hashed[0]!.sha256); // of the one file
  await putOnce(deps, zip, file, signal);
  return { ...options, batch_id, bucket: BUCKETS.results, zip };
}

function hashFiles(files: readonly LocalFile[], signal: AbortSignal | undefined) {
  const hash = async (file: LocalFile): Promise<HashedFile> => {
    return { ...file, sha256: await sha256OfChunks(createReadStream(file.path, { signal })) };
  };
  return pMap(files, hash, { concurrency: CONCURRENCY, signal });
}

/** Id of a batch of files: the same files, model and confidence are the same batch. */
async function localBatchId(
  { models }: VidetteClientDeps,
  files: readonly HashedFile[],
  { model: spec, conf }: LocalBatchOptions,
): Promise<string> {
  const model = await models.resolve(spec);
  const { name, version } = model;
  const names = files.map((file) => [file.name, file.sha256]);
  const behaviour = modelBehaviourHash(model);
  return `images-${sha256(canonicalJson({ names, conf, name, version, behaviour })).slice(0, 12)}`;
}

async function putOnce(
  { objects }: VidetteClientDeps,
  key: string,
  { path }: LocalFile,
  signal: AbortSignal | undefined,
): Promise<void> {
  const stored = await objects.stat(BUCKETS.results, key);
  if (stored?.size === (await stat(path)).size) return;
  await objects.putFile(BUCKETS.results, key, path, { ...(signal && { signal }) });
}
