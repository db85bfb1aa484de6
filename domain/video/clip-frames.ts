import { AppError } from '../errors.js';
import { BUCKETS, keys } from '../names.js';
import type { ObjectStore } from '../ports/object-store.js';
import { findFrame } from './find-frame.js';
import type { VideoPlan } from './plan.js';
import { PTS_BYTES, timestampMs } from './timestamp.js';

/** Frames `[from, to)` of a clip. PTS are in units of the time base. */
export interface ClipFrames {
  readonly from: number;
  readonly to: number;
  readonly first_pts: number;
  readonly last_pts: number;
  /** Keyframe from which decoding can start; undefined for the start of the video. */
  readonly seek_pts: number | undefined;
}

type Objects = Pick<ObjectStore, 'getRange'>;
type Plan = Pick<VideoPlan, 'event_id' | 'video' | 'ranges'>;

/**
 * Returns the frames of a video whose times are in `[from_ms, to_ms)`.
 * @throws AppError `INVALID_INPUT` if there are none.
 */
export async function findClipFrames(
  objects: Objects,
  plan: Plan,
  { from_ms, to_ms }: { readonly from_ms: number; readonly to_ms: number },
): Promise<ClipFrames> {
  const { video, ranges } = plan;
  const count = video.frame_count;
  const timeOf = async (frame: number) => timestampMs(await readPts(objects, plan, frame), video);
  const from = await findFrame(timeOf, count, from_ms);
  const to = await findFrame(timeOf, count, to_ms);
  if (from >= to) {
    const [first, last] = [await timeOf(0), await timeOf(count - 1)];
    throw new AppError(
      'INVALID_INPUT',
      `No frame is in the span from ${from_ms} ms to ${to_ms} ms: the frames of the video are at ` +
        `${first} ms to ${last} ms. Choose a span inside of it.`,
    );
  }
  const first_pts = await readPts(objects, plan, from);
  const last_pts = await readPts(objects, plan, to - 1);
  const seek_pts = ranges.findLast((range) => range.from <= from)?.seek_pts;
  return { from, to, first_pts, last_pts, seek_pts };
}

/** Reads the PTS of a frame from the table of a job. */
export async function readPts(
  objects: Objects,
  { event_id }: Pick<Plan, 'event_id'>,
  frame: number,
): Promise<number> {
  const key = keys.frameTable(event_id);
  const bytes = await objects.getRange(BUCKETS.results, key, frame * PTS_BYTES, PTS_BYTES);
  return Number(bytes.readBigInt64LE());
}
