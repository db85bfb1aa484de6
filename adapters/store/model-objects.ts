import { mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../domain/errors.js';
import { sha256OfChunks } from '../../domain/hash.js';
import type { ModelDataFile, ModelManifest } from '../../domain/model/model-manifest.js';
import { BUCKETS, keys, MODEL_FILE } from '../../domain/names.js';
import type { ObjectStore, ReadableObjects } from '../../domain/ports/object-store.js';
import { sha256OfFile } from '../../platform/file-hash.js';

type Version = Pick<ModelManifest, 'name' | 'version'>;
type Content = Pick<ModelManifest, 'sha256' | 'size_bytes' | 'files' | 'output'>;

/**
 * Files of a model, its ONNX file first, under their names in the store and on this host. An ensemble
 * has none: its manifest is the whole model.
 */
export function filesOf(content: Content): readonly ModelDataFile[] {
  const { sha256, size_bytes, files = [], output } = content;
  if (output.family === 'ensemble') return [];
  return [{ name: MODEL_FILE, sha256, size_bytes }, ...files];
}

/** Uploads the files of a version that the store lacks or has damaged; data files are beside `path`. */
export async function putFiles(
  store: ObjectStore,
  path: string,
  manifest: ModelManifest,
): Promise<void> {
  for (const file of filesOf(manifest)) {
    const key = keyOf(manifest, file);
    if (await isStored(store, key, file)) continue;
    const source = file.name === MODEL_FILE ? path : join(dirname(path), file.name);
    if (!(await isFile(source, file))) throw sourceChanged(manifest, source);
    await store.putFile(BUCKETS.models, key, source);
  }
}

/**
 * Reads all stored files of a version.
 * @throws AppError `MODEL_UNAVAILABLE` if one is missing or damaged.
 */
export async function verifyFiles(store: ObjectStore, manifest: ModelManifest): Promise<void> {
  for (const file of filesOf(manifest)) {
    const isWhole = await isStored(store, keyOf(manifest, file), file);
    if (!isWhole)
      throw unavailable(manifest, file, `is missing, or its SHA-256 is not ${file.sha256}`);
  }
}

/**
 * Writes one file of a version to `path`, and creates its folder.
 * @throws AppError `MODEL_UNAVAILABLE` if the stored file is missing or damaged.
 */
export async function getFile(
  store: ReadableObjects,
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

/** Removes all objects of a version. */
export async function removeFiles(store: ObjectStore, { name, version }: Version): Promise<void> {
  const found: string[] = [];
  for await (const key of store.list(BUCKETS.models, keys.modelFolder(name, version))) {
    found.push(key);
  }
  for (const key of found) await store.remove(BUCKETS.models, key);
}

/** Whether a local file exists with this size and SHA-256. */
export async function isFile(
  path: string,
  { size_bytes, sha256 }: ModelDataFile,
): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return (
    found?.isFile() === true && found.size === size_bytes && (await sha256OfFile(path)) === sha256
  );
}

function keyOf({ name, version }: Version, file: ModelDataFile): string {
  if (file.name === MODEL_FILE) return keys.model(name, version);
  return keys.modelData(name, version, file.name);
}

/** Whether the object exists with the size and SHA-256 of the file. */
async function isStored(
  store: ObjectStore,
  key: string,
  { size_bytes, sha256 }: ModelDataFile,
): Promise<boolean> {
  if ((await store.stat(BUCKETS.models, key))?.size !== size_bytes) return false;
  return (await sha256OfChunks(await store.getStream(BUCKETS.models, key))) === sha256;
}

function sourceChanged({ name }: Version, source: string): AppError {
  return new AppError(
    'MODEL_INVALID',
    `${source} is missing, or differs from the file that model ${name} was added with. Add the model again: vidette models add FILE --name ${name}`,
    { model: name },
  );
}

function unavailable({ name, version }: Version, file: ModelDataFile, problem: string): AppError {
  const which = file.name === MODEL_FILE ? 'file' : `data file ${JSON.stringify(file.name)}`;
  return new AppError(
    'MODEL_UNAVAILABLE',
    `The stored ${which} of model ${name}@${version} ${problem}. Add it again with "vidette models add FILE" or "vidette models pull"; jobs that wait for it then continue.`,
    { model: name, file: file.name },
  );
}
