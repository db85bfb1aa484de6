import { Readable } from 'node:stream';
import { BUCKETS, keys } from '../../domain/names.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import type { PastList } from '../../domain/rescore/rescore.js';

/** Reads the list of what is compared; undefined until it is complete. */
export async function findPastList(
  objects: Pick<ObjectStore, 'find'>,
  rescoreId: string,
): Promise<PastList | undefined> {
  const data = await objects.find(BUCKETS.results, keys.rescoreList(rescoreId));
  return data && (JSON.parse(data.toString('utf8')) as PastList); // written by `listPast`
}

/** Streams lines into an object. */
export async function putLines(
  objects: Pick<ObjectStore, 'putStream'>,
  key: string,
  lines: AsyncIterable<string>,
  signal: AbortSignal,
): Promise<void> {
  const content = Readable.from(lines, { objectMode: false });
  await objects.putStream(BUCKETS.results, key, content, { signal });
}
