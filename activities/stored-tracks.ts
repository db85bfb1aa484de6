import { pMapIterable } from 'p-map';
import { AppError } from '../domain/errors.js';
import { findTrackPart } from '../domain/job/job-store.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import type { FrameRow } from '../domain/result/result.js';
import type { FrameTracks, Track } from '../domain/track/track.js';
import type { TrackPart } from '../domain/track/track-part.js';
import type { VideoPlan } from '../domain/video/plan.js';

/** Number of parts that are read ahead while one is used. */
const READ_AHEAD = 4;

/** Adds the ids of tracks to rows, which must come in the order of the frames. */
export interface RowTracker {
  /** @throws AppError `INCOMPLETE_RESULT` if the row has no stored tracks. */
  add(row: FrameRow): Promise<FrameRow>;
}

/** Creates an adder of the stored tracks of a job to its rows. */
export function createRowTracker(objects: ObjectStore, plan: VideoPlan): RowTracker {
  const frames = framesInOrder(objects, plan);
  return {
    add: async (row) => {
      const next = await frames.next();
      if (!next.done && next.value.frame === row.frame) return addIds(row, next.value);
      throw incomplete(plan, `frame ${row.frame}`);
    },
  };
}

/** Whether the tracks of a job are stored up to its last range; a cancelled job has none. */
export async function isTracked(
  objects: ObjectStore,
  { event_id, parameters, ranges }: VideoPlan,
): Promise<boolean> {
  const last = ranges.at(-1);
  if (!parameters.tracking || !last) return false;
  return (await findTrackPart(objects, event_id, last.index)) !== undefined;
}

/** Streams the tracks of a job by their end. */
export async function* tracksInOrder(objects: ObjectStore, plan: VideoPlan): AsyncGenerator<Track> {
  for await (const { ended } of trackPartsInOrder(objects, plan)) yield* ended;
}

async function* framesInOrder(objects: ObjectStore, plan: VideoPlan): AsyncGenerator<FrameTracks> {
  for await (const { frames } of trackPartsInOrder(objects, plan)) yield* frames;
}

function trackPartsInOrder(objects: ObjectStore, plan: VideoPlan): AsyncIterable<TrackPart> {
  const read = async ({ index }: VideoPlan['ranges'][number]) => {
    const part = await findTrackPart(objects, plan.event_id, index);
    if (part) return part;
    throw incomplete(plan, `range ${index}`);
  };
  return pMapIterable(plan.ranges, read, { concurrency: READ_AHEAD });
}

function addIds(row: FrameRow, { ids }: FrameTracks): FrameRow {
  const objects = row.objects.map((object, i) => {
    const id = ids[i];
    return typeof id === 'number' ? { ...object, track_id: id } : object;
  });
  return { ...row, objects };
}

function incomplete({ event_id }: VideoPlan, place: string): AppError {
  return new AppError('INCOMPLETE_RESULT', `Job ${event_id} has no tracks of ${place}.`, {
    event_id,
  });
}
