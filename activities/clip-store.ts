import { findResult } from '../domain/job/job-store.js';
import { BUCKETS, type ClipId, clipObjects, clipOfKey, keys } from '../domain/names.js';
import type { ObjectStore } from '../domain/ports/object-store.js';

/** Marks a clip before its render, so that a deletion of the job finds it. */
export async function markClip(objects: Pick<ObjectStore, 'put'>, clip: ClipId): Promise<void> {
  await objects.put(BUCKETS.results, keys.clipMark(clip), '');
}

/** Lists the clips of a job, also those that are being rendered. */
export async function listClips(
  objects: Pick<ObjectStore, 'list'>,
  eventId: string,
): Promise<readonly ClipId[]> {
  const clips = new Map<string, ClipId>();
  const { bucket, prefix } = clipObjects(eventId);
  for await (const key of objects.list(bucket, prefix)) {
    const clip = clipOfKey(eventId, key);
    if (clip) clips.set(keys.clip(clip), clip);
  }
  return [...clips.values()];
}

/** Removes a clip and its mark if its job has no result; returns whether it did. */
export async function removeIfDeleted(
  objects: Pick<ObjectStore, 'remove' | 'stat'>,
  clip: ClipId,
): Promise<boolean> {
  if (await findResult(objects, clip.event_id)) return false;
  // The mark is last: until then, a deletion that is tried again finds the clip.
  for (const key of [keys.clip(clip), keys.clipMark(clip)]) {
    await objects.remove(BUCKETS.results, key);
  }
  return true;
}
