import { createInterface } from 'node:readline';
import { createContentHash } from '../../domain/dataset/content-hash.js';
import { type DatasetItem, datasetItemSchema } from '../../domain/dataset/dataset-item.js';
import {
  type DatasetManifest,
  datasetManifestSchema,
} from '../../domain/dataset/dataset-manifest.js';
import { AppError } from '../../domain/errors.js';
import { BUCKETS, isId, keys } from '../../domain/names.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';

/** Name and number of a version. */
export type StoredVersion = Pick<DatasetManifest, 'name' | 'version'>;

/** Lists the versions of a data set, the newest first. */
export async function listVersions(objects: ObjectStore, name: string): Promise<DatasetManifest[]> {
  const stored = await Array.fromAsync(listStored(objects, keys.dataset(name)));
  const newestFirst = stored.toSorted((a, b) => b.version - a.version);
  return present(await Promise.all(newestFirst.map((each) => readManifest(objects, each))));
}

/** Returns the values that exist. */
export function present<T>(values: readonly (T | undefined)[]): T[] {
  return values.filter((value) => value !== undefined);
}

/** Lists the versions that have a manifest. */
export async function* listStored(
  objects: ObjectStore,
  prefix: string,
): AsyncGenerator<StoredVersion> {
  for await (const key of objects.list(BUCKETS.datasets, prefix)) {
    const [, name, version] = /^([^/]+)\/([1-9][0-9]{0,8})\/manifest\.json$/.exec(key) ?? [];
    if (isId(name)) yield { name: name!, version: Number(version) };
  }
}

/** Reads a manifest; undefined if it does not exist. */
export async function readManifest(
  objects: ObjectStore,
  { name, version }: StoredVersion,
): Promise<DatasetManifest | undefined> {
  const data = await objects.find(BUCKETS.datasets, keys.datasetManifest(name, version));
  if (!data) return undefined;
  return parse(() => datasetManifestSchema.parse(JSON.parse(data.toString('utf8'))), name, version);
}

/** Reads the items of a version, and checks their hash at the end. @throws AppError `DATASET_DAMAGED`. */
export async function* readItems(
  objects: ObjectStore,
  { name, version, sha256 }: Pick<DatasetManifest, 'name' | 'version' | 'sha256'>,
): AsyncGenerator<DatasetItem, void> {
  const stream = await objects.getStream(BUCKETS.datasets, keys.datasetItems(name, version));
  const hash = createContentHash();
  for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
    const item = parse(() => datasetItemSchema.parse(JSON.parse(line)), name, version);
    hash.add(item);
    yield item;
  }
  if (hash.digest() !== sha256) throw damaged(name, version);
}

function parse<T>(read: () => T, name: string, version: number): T {
  try {
    return read();
  } catch (cause) {
    throw damaged(name, version, cause);
  }
}

function damaged(name: string, version: number, cause?: unknown): AppError {
  return new AppError(
    'DATASET_DAMAGED',
    `Data set ${name}@${version} is damaged: what is stored is not what was built. Build the data set again, which makes another version.`,
    { dataset: `${name}@${version}` },
    { cause },
  );
}
