import { BUCKETS } from './buckets.js';
import { expectId } from './ids.js';
import { clipPrefix } from './clip-names.js';
import { alertsPrefix, imageBatchPrefix, rescorePrefix, tracksPrefix } from './key-prefixes.js';
import { reelPrefix } from './reel-names.js';
import { zonesPrefix } from './zone-set-names.js';

/** Objects whose keys start with a prefix. */
export interface ObjectGroup {
  readonly bucket: string;
  readonly prefix: string;
}

/** Stored frames of a job: objects, packs and their indices. */
export function frameObjects(eventId: string): ObjectGroup {
  return { bucket: BUCKETS.frames, prefix: `frames/${expectId('an event_id', eventId)}/` };
}

/**
 * All objects of a job. Ids contain neither "/" nor ".", so no prefix matches another job. The plan
 * is first, because renders start from it.
 */
export function jobObjects(eventId: string): readonly ObjectGroup[] {
  const id = expectId('an event_id', eventId);
  const prefixes = [
    `tables/${id}/`,
    `results/${id}.`,
    `parts/${id}/`,
    tracksPrefix(id),
    alertsPrefix(id),
  ];
  const groups = prefixes.map((prefix) => ({ bucket: BUCKETS.results, prefix }));
  return [...groups, frameObjects(id)];
}

/** All reels of a job, and the marks of those that are stored at the other job. */
export function reelObjects(eventId: string): ObjectGroup {
  return { bucket: BUCKETS.results, prefix: reelPrefix(eventId) };
}

/** All clips of a job, and their marks. */
export function clipObjects(eventId: string): ObjectGroup {
  return { bucket: BUCKETS.results, prefix: clipPrefix(eventId) };
}

/** Zones of a video in a bucket, each a JSON object under its name. */
export function zoneObjects(bucket: string, videoId: string): ObjectGroup {
  return { bucket: BUCKETS.results, prefix: zonesPrefix(bucket, videoId) };
}

/** Everything that a rescoring stores beside its {@link keys.rescore}, in both buckets. */
export function rescoreObjects(rescoreId: string): readonly ObjectGroup[] {
  const prefix = rescorePrefix(rescoreId);
  return [BUCKETS.results, BUCKETS.pictures].map((bucket) => ({ bucket, prefix }));
}

/** All objects of a batch of images: uploads, list, parts and tables. */
export function imageBatchObjects(batchId: string): ObjectGroup {
  return { bucket: BUCKETS.results, prefix: imageBatchPrefix(batchId) };
}
