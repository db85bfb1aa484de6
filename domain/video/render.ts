import { BUCKETS } from '../names.js';
import type { ObjectStat, ObjectStore } from '../ports/object-store.js';

/** Metadata of a render: the etag of its source object. */
export const MADE_FROM = 'made-from';

/** Returns the render at a key if it was made from the object with this etag. */
export async function renderedFrom(
  objects: Pick<ObjectStore, 'stat'>,
  key: string,
  madeFrom: string,
): Promise<ObjectStat | undefined> {
  const found = await objects.stat(BUCKETS.results, key);
  return found?.metadata[MADE_FROM] === madeFrom ? found : undefined;
}
