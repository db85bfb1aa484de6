import { findTrackPart } from '../job/job-store.js';
import type { ObjectStore } from '../ports/object-store.js';
import type { VideoPlan } from '../video/plan.js';
import type { Track } from './track.js';

/** Track with an id, or the number of the tracks among which it is not. */
export type FoundTrack =
  { readonly track: Track } | { readonly track: undefined; readonly count: number };

/** Finds a track of a job by its id, in the stored tracks of its ranges. */
export async function findTrack(
  objects: Pick<ObjectStore, 'find'>,
  { event_id, ranges }: Pick<VideoPlan, 'event_id' | 'ranges'>,
  id: number,
): Promise<FoundTrack> {
  let count = 0;
  for (const { index } of ranges) {
    const ended = (await findTrackPart(objects, event_id, index))?.ended ?? [];
    const track = ended.find((each) => each.id === id);
    if (track) return { track };
    count += ended.length;
  }
  return { track: undefined, count };
}
