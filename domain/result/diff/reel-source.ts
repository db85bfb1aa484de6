import { findResult, noResult } from '../../job/job-store.js';
import type { ReelId } from '../../names.js';
import type { ObjectStore } from '../../ports/object-store.js';

type Stats = Pick<ObjectStore, 'stat'>;

/**
 * Returns what determines the content of a reel besides its id: the etags of both results.
 * @throws AppError `JOB_NOT_FOUND` if one does not exist.
 */
export async function readReelSource(objects: Stats, { a, b }: ReelId): Promise<string> {
  const ids = [a, b];
  const found = await Promise.all(ids.map((id) => findResult(objects, id)));
  return found.map((result, index) => (result ?? failMissing(ids[index]!)).etag).join('+');
}

function failMissing(eventId: string): never {
  throw noResult(eventId);
}
