import { copyFile, readFile, stat } from 'node:fs/promises';
import type { ReadableObjects } from '../../domain/ports/object-store.js';
import { BUCKETS } from '../../domain/names.js';

/** Content of an object: a file of this host, or a text. */
export type FolderObject = { readonly path: string } | { readonly text: string };

/** Serves objects of the bucket `models` from files of this host, by their keys. */
export function createFolderObjects(objects: ReadonlyMap<string, FolderObject>): ReadableObjects {
  const at = (bucket: string, key: string) =>
    bucket === BUCKETS.models ? objects.get(key) : undefined;
  const expectAt = (bucket: string, key: string) => {
    const found = at(bucket, key);
    if (found) return found;
    throw new Error(`${bucket}/${key} does not exist`);
  };
  const read = (found: FolderObject) =>
    'text' in found ? Promise.resolve(Buffer.from(found.text)) : readFile(found.path);
  return {
    stat: async (bucket, key) => {
      const found = at(bucket, key);
      return found && { size: await sizeOf(found), etag: key, metadata: {} };
    },
    find: async (bucket, key) => {
      const found = at(bucket, key);
      return found && read(found);
    },
    getFile: async (bucket, key, path) => {
      const found = expectAt(bucket, key);
      if ('text' in found) throw new Error(`${bucket}/${key} is not a file`);
      await copyFile(found.path, path);
    },
    list: (bucket, prefix) => {
      const keys = bucket === BUCKETS.models ? [...objects.keys()] : [];
      return listed(keys.filter((key) => key.startsWith(prefix)).sort());
    },
  };
}

async function sizeOf(object: FolderObject): Promise<number> {
  return 'text' in object ? Buffer.byteLength(object.text) : (await stat(object.path)).size;
}

/** The port lists asynchronously. */
async function* listed(keys: readonly string[]): AsyncGenerator<string> {
  for (const key of keys) yield await Promise.resolve(key);
}
