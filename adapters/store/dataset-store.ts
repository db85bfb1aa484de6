import { contentHashOf, encodeItems } from '../../domain/dataset/content-hash.js';
import type { DatasetItem } from '../../domain/dataset/dataset-item.js';
import type { DatasetDraft, DatasetManifest } from '../../domain/dataset/dataset-manifest.js';
import { AppError, hasCode } from '../../domain/errors.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { AddedDataset, DatasetStore } from '../../domain/ports/dataset-store.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import { listStored, listVersions, present, readItems, readManifest } from './dataset-objects.js';

/** Maximum number of attempts to find a free version: each further one follows another process. */
const ATTEMPTS = 50;

/** Stores data sets as `{name}/{version}/items.jsonl` and `manifest.json`, which is written last. */
export function createDatasetStore(objects: ObjectStore): DatasetStore {
  return {
    list: () => listNewest(objects),
    versions: (name) => listVersions(objects, name),
    find: (name, version) => find(objects, name, version),
    items: (manifest) => readItems(objects, manifest),
    add: (draft, items) => add(objects, draft, items),
  };
}

async function listNewest(objects: ObjectStore): Promise<DatasetManifest[]> {
  const newest = new Map<string, number>();
  for await (const { name, version } of listStored(objects, '')) {
    newest.set(name, Math.max(version, newest.get(name) ?? 0));
  }
  const found = [...newest].map(([name, version]) => readManifest(objects, { name, version }));
  return present(await Promise.all(found));
}

async function find(
  objects: ObjectStore,
  name: string,
  version?: number,
): Promise<DatasetManifest | undefined> {
  if (version !== undefined) return readManifest(objects, { name, version });
  return (await listVersions(objects, name))[0];
}

/**
 * The items of a version are written once, so that no other process can exchange them before the
 * manifest. A version whose process crashed in between is completed by the same items, and is left out
 * by others.
 */
async function add(
  objects: ObjectStore,
  draft: DatasetDraft,
  items: readonly DatasetItem[],
): Promise<AddedDataset> {
  const sha256 = contentHashOf(items);
  const taken = new Set<number>();
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const versions = await listVersions(objects, draft.name);
    const same = versions.find((each) => each.sha256 === sha256);
    if (same) return { manifest: same, created: false };
    for (const { version } of versions) taken.add(version);
    const version = firstFree(taken);
    const manifest = { ...draft, version, sha256 };
    if (!(await claimItems(objects, manifest, items))) taken.add(version);
    else if (await putOnce(objects, keys.datasetManifest(draft.name, version), manifest)) {
      return { manifest, created: true };
    }
  }
  throw new AppError(
    'SERVER_UNAVAILABLE',
    `Data set ${draft.name} was built by others ${ATTEMPTS} times in a row. Try again.`,
    { dataset: draft.name },
  );
}

/** Smallest number that is not taken, so that all processes try the same versions in one order. */
function firstFree(taken: ReadonlySet<number>): number {
  let version = 1;
  while (taken.has(version)) version++;
  return version;
}

/** Writes the items of a version; returns false if it has other items. */
async function claimItems(
  objects: ObjectStore,
  { name, version, sha256 }: DatasetManifest,
  items: readonly DatasetItem[],
): Promise<boolean> {
  const key = keys.datasetItems(name, version);
  const options = { contentType: 'application/x-ndjson' };
  const text = encodeItems(items);
  if (await objects.putIf(BUCKETS.datasets, key, text, undefined, options)) return true;
  return hasItems(objects, { name, version, sha256 });
}

async function hasItems(
  objects: ObjectStore,
  manifest: Pick<DatasetManifest, 'name' | 'version' | 'sha256'>,
): Promise<boolean> {
  try {
    for await (const _item of readItems(objects, manifest));
    return true;
  } catch (error) {
    if (hasCode(error, 'DATASET_DAMAGED')) return false;
    throw error;
  }
}

function putOnce(objects: ObjectStore, key: string, manifest: DatasetManifest): Promise<boolean> {
  const options = { contentType: 'application/json' };
  return objects.putIf(
    BUCKETS.datasets,
    key,
    JSON.stringify(manifest, null, 2),
    undefined,
    options,
  );
}
