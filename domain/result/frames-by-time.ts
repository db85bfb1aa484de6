import { BUCKETS, keys } from '../names.js';
import type { ObjectStore } from '../ports/object-store.js';
import {
  type FrameRow,
  isSkipped,
  type ResultHeader,
  type SkippedFrame,
  type TimedSkip,
} from './result.js';
import { PTS_BYTES, timestampMs } from '../video/timestamp.js';
import { readResultEnds, readResultFrames } from './read-result.js';
import { noResult } from '../job/job-store.js';

type Reads = Pick<ObjectStore, 'getRange' | 'getStream' | 'stat'>;

/** Number of table entries per read. */
const READ_FRAMES = 8192;

/**
 * Yields the frames of a result and the skipped ones in video order. Only the skipped ones are held
 * in memory. @throws AppError `JOB_NOT_FOUND` if the job has no result.
 */
export async function* framesByTime(
  objects: Reads,
  eventId: string,
): AsyncGenerator<FrameRow | TimedSkip> {
  const ends = await readResultEnds(objects, eventId);
  if (!ends) throw noResult(eventId);
  // Skipped frames are last in a result, so they are read in a first pass if there are any.
  const skips = ends.summary.skipped > 0 ? await readSkipped(objects, eventId) : [];
  const timeOf = createClock(objects, ends.header);
  let next = 0;
  let lastMs = 0;
  const timed = async (skip: SkippedFrame) => ({
    ...skip,
    timestamp_ms: (await timeOf(skip.frame)) ?? lastMs,
  });
  for await (const row of readResultFrames(objects, eventId)) {
    if (isSkipped(row)) break;
    for (; next < skips.length && skips[next]!.frame < row.frame; next++) {
      yield timed(skips[next]!);
    }
    lastMs = row.timestamp_ms;
    yield row;
  }
  for (const skip of skips.slice(next)) yield timed(skip);
}

/** Reads the skipped frames in order; equal reasons share one string. */
async function readSkipped(objects: Reads, eventId: string): Promise<SkippedFrame[]> {
  const reasons = new Map<string, string>();
  const skips: SkippedFrame[] = [];
  for await (const frame of readResultFrames(objects, eventId)) {
    if (!isSkipped(frame)) continue;
    const reason = reasons.get(frame.reason) ?? frame.reason;
    reasons.set(reason, reason);
    skips.push({ frame: frame.frame, reason });
  }
  return skips.sort((a, b) => a.frame - b.frame);
}

/** Returns a lookup of timestamps in the job's frame table; undefined for unknown frames. */
function createClock(objects: Reads, { event_id, video }: ResultHeader) {
  const key = keys.frameTable(event_id);
  let first = 0;
  let table: Buffer | undefined;
  return async (frame: number): Promise<number | undefined> => {
    if (!table || frame < first || frame >= first + READ_FRAMES) {
      first = frame;
      table = await readTable(objects, key, first);
    }
    const at = (frame - first) * PTS_BYTES;
    if (at + PTS_BYTES > table.length) return undefined;
    return timestampMs(Number(table.readBigInt64LE(at)), video);
  };
}

async function readTable(objects: Reads, key: string, first: number): Promise<Buffer> {
  const found = await objects.stat(BUCKETS.results, key);
  const left = Math.min(READ_FRAMES, Math.floor((found?.size ?? 0) / PTS_BYTES) - first);
  if (left <= 0) return Buffer.alloc(0);
  return objects.getRange(BUCKETS.results, key, first * PTS_BYTES, left * PTS_BYTES);
}
