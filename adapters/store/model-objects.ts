import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../domain/errors.js';
import type { ModelDataFile, ModelManifest } from '../../domain/model/model-manifest.js';
import { BUCKETS, keys, MODEL_FILE } from '../../domain/names.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';

type Version = Pick<ModelManifest, 'name' | 'version'>;
type Content = Pick<ModelManifest, 'sha256' | 'size_bytes' | 'files'>;

/** The files of a model, its ONNX file first, as they are named in the store and on this host. */
export function filesOf({ sha256, size_bytes, files = [] }: Content): readonly ModelDataFile[] {
  return [{ name: MODEL_FILE, sha256, size_bytes }, ...files];
}

/** Puts the files of a version that are missing or damaged in the store; data files lie beside `path`. */
export async function putFiles(
  store: ObjectStore,
  path: string,
  manifest: ModelManifest,
): Promise<void> {
  for (const file of filesOf(manifest)) {
    const key = keyOf(manifest, file);
    if (await isStored(store, key, file)) continue;
    const source = file.name === MODEL_FILE ? path : join(dirname(path), file.name);
    if (!(await isFile(source, file))) throw changed(manifest, source);
    await store.putFile(BUCKETS.models, key, source);
  }
}

/**
 * Writes one file of a version to `path`, whose folder is made where it is missing.
 * @throws AppError `MODEL_UNAVAILABLE` when the stored file is missing or damaged.
 */
export async function getFile(
  store: ObjectStore,
  version: Version,
  file: ModelDataFile,
  path: string,
): Promise<void> {
  const key = keyOf(version, file);
  if (!(await store.stat(BUCKETS.models, key))) throw unavailable(version, file, 'is missing');
  await mkdir(dirname(path), { recursive: true });
  await store.getFile(BUCKETS.models, key, path);
  if (await isFile(path, file)) return;
  throw unavailable(version, file, `is damaged: its SHA-256 is not ${file.sha256}`);
}

/** Removes all that is stored of a version. */
export async function removeFiles(store: ObjectStore, { name, version }: Version): Promise<void> {
  const found: string[] = [];
  for await (const key of store.list(BUCKETS.models, keys.modelFolder(name, version))) {
    found.push(key);
  }
  for (const key of found) await store.remove(BUCKETS.models, key);
}

/** Whether a file of this host is there with these very bytes. */
export async function isFile(
  path: string,
  { size_bytes, sha256 }: ModelDataFile,
): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() === true && found.size === size_bytes && (await sha256Of(path)) === sha256;
}

/** SHA-256 of a file, lower-case hex. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

function keyOf({ name, version }: Version, file: ModelDataFile): string {
  if (file.name === MODEL_FILE) return keys.model(name, version);
  return keys.modelData(name, version, file.name);
}

/** Whether the object is there with the very bytes of the file. */
async function isStored(
  store: ObjectStore,
  key: string,
  { size_bytes, sha256 }: ModelDataFile,
): Promise<boolean> {
  if ((await store.stat(BUCKETS.models, key))?.size !== size_bytes) return false;
  const hash = createHash('sha256');
  await pipeline(await store.getStream(BUCKETS.models, key), hash);
  return hash.digest('hex') === sha256;
}

function changed({ name }: Version, source: string): AppError {
  return new AppError(
    'MODEL_INVALID',
    `${source} is missing, or is not the file that model ${name} was added with. Add the model again: vidette models add FILE --name ${name}`,
    { model: name },
  );
}

function unavailable({ name, version }: Version, file: ModelDataFile, problem: string): AppError {
  const which = file.name === MODEL_FILE ? 'file' : `data file ${JSON.stringify(file.name)}`;
  return new AppError(
    'MODEL_UNAVAILABLE',
    `The stored ${which} of model ${name}@${version} ${problem}. Bring it in again with "vidette models add FILE" or "vidette models pull"; jobs that wait for it go on then.`,
    { model: name, file: file.name },
  );
}
