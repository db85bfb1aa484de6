import { BUCKETS } from '../names.js';
import type { ObjectStat, ObjectStore } from '../ports/object-store.js';

/** Metadata of a rendering: the etag of what it was made from. */
export const MADE_FROM = 'made-from';

/** The rendering at a key, where it was made from the object of this etag. */
export async function renderedFrom(
  objects: Pick<ObjectStore, 'stat'>,
  key: string,
  madeFrom: string,
): Promise<ObjectStat | undefined> {
  const found = await objects.stat(BUCKETS.results, key);
  return found?.metadata[MADE_FROM] === madeFrom ? found : undefined;
}
