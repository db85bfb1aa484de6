import { findResult } from '../domain/job/job-store.js';
import { BUCKETS, keys, type ReelId, reelObjects, reelOfKey } from '../domain/names.js';
import type { ObjectStore } from '../domain/ports/object-store.js';

/** Marks a reel at both of its jobs, so that the deletion of either finds it. */
export async function markReel(objects: Pick<ObjectStore, 'put'>, reel: ReelId): Promise<void> {
  for (const id of [reel.a, reel.b]) {
    await objects.put(BUCKETS.results, keys.reelUse(id, reel), '');
  }
}

/** Lists the reels of a job, also those that are being rendered. */
export async function listReels(
  objects: Pick<ObjectStore, 'list'>,
  eventId: string,
): Promise<readonly ReelId[]> {
  const reels = new Map<string, ReelId>();
  const { bucket, prefix } = reelObjects(eventId);
  for await (const key of objects.list(bucket, prefix)) {
    const reel = reelOfKey(key);
    if (reel) reels.set(keys.reel(reel), reel);
  }
  return [...reels.values()];
}

/** Removes a reel and its marks; resolves with the number of objects. */
export async function removeReel(
  objects: Pick<ObjectStore, 'remove' | 'stat'>,
  reel: ReelId,
): Promise<number> {
  // The marks are last: until then, a deletion that is tried again finds the reel.
  const marks = new Set([keys.reelUse(reel.b, reel), keys.reelUse(reel.a, reel)]);
  let removed = 0;
  for (const key of [keys.reel(reel), ...marks]) {
    if (!(await objects.stat(BUCKETS.results, key))) continue;
    await objects.remove(BUCKETS.results, key);
    removed++;
  }
  return removed;
}

/** Removes a reel if a job of it has no result; resolves with the id of that job. */
export async function removeIfUnused(
  objects: Pick<ObjectStore, 'remove' | 'stat'>,
  reel: ReelId,
): Promise<string | undefined> {
  for (const id of [reel.a, reel.b]) {
    if (await findResult(objects, id)) continue;
    await removeReel(objects, reel);
    return id;
  }
  return undefined;
}
