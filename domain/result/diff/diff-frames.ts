import type { StoredObject } from '../detection.js';
import { type FrameRow, isSkipped, type TimedSkip } from '../result.js';
import { diffObjects, type ObjectsDiff } from './diff-objects.js';

/** Difference between two results in a frame that both have detected. */
export interface DiffFrame extends ObjectsDiff {
  readonly type: 'frame';
  readonly frame: number;
  /** Milliseconds from the start time of the container. */
  readonly timestamp_ms: number;
}

/** A sampled frame that cannot be compared, because a result has no objects of it. */
export interface DiffSkip {
  readonly type: 'skipped';
  readonly frame: number;
  readonly timestamp_ms: number;
  /** Why result A has no objects of the frame; null if it has. */
  readonly reason_a: string | null;
  readonly reason_b: string | null;
}

export type DiffRow = DiffFrame | DiffSkip;

/** Minimum confidences of the objects that are compared, 0 to 1. */
export interface DiffThresholds {
  readonly a: number;
  readonly b: number;
}

type Frame = FrameRow | TimedSkip;

/** Reason of a frame that only the other result has. */
const NOT_PROCESSED = 'not processed: the job was cancelled before this frame';

/** Whether the objects of a frame differ; false for a frame that cannot be compared. */
export function isDifferent(row: DiffRow): boolean {
  if (row.type === 'skipped') return false;
  return row.changed.length + row.vanished.length + row.appeared.length > 0;
}

/** Compares the objects of a frame in two results that have at least the confidence of their side. */
export function diffConfident(
  objects: { readonly a: readonly StoredObject[]; readonly b: readonly StoredObject[] },
  conf: DiffThresholds,
): ObjectsDiff {
  const confident = (side: 'a' | 'b') => objects[side].filter((one) => one.conf >= conf[side]);
  return diffObjects(confident('a'), confident('b'));
}

/**
 * Yields the difference between two results in each of their frames, in the order of the video.
 * @param a frames of a result in the order of the video
 * @param b those of the other result
 */
export async function* diffFrames(
  a: AsyncIterable<Frame>,
  b: AsyncIterable<Frame>,
  conf: DiffThresholds,
): AsyncGenerator<DiffRow> {
  for await (const [one, other] of joinFrames(a, b)) yield diffFrame(one, other, conf);
}

function diffFrame(a: Frame | undefined, b: Frame | undefined, conf: DiffThresholds): DiffRow {
  const { frame, timestamp_ms } = (a ?? b)!; // one of them exists
  if (a && b && !isSkipped(a) && !isSkipped(b)) {
    const diff = diffConfident({ a: a.objects, b: b.objects }, conf);
    return { type: 'frame', frame, timestamp_ms, ...diff };
  }
  const reasons = { reason_a: reasonOf(a), reason_b: reasonOf(b) };
  return { type: 'skipped', frame, timestamp_ms, ...reasons };
}

function reasonOf(frame: Frame | undefined): string | null {
  if (!frame) return NOT_PROCESSED;
  return isSkipped(frame) ? frame.reason : null;
}

type Joined = readonly [a: Frame | undefined, b: Frame | undefined];

/** Joins two series of frames by frame; holds one frame of each in memory. */
async function* joinFrames(
  a: AsyncIterable<Frame>,
  b: AsyncIterable<Frame>,
): AsyncGenerator<Joined> {
  const readers = [a[Symbol.asyncIterator](), b[Symbol.asyncIterator]()] as const;
  const read = async (reader: AsyncIterator<Frame>): Promise<Frame | undefined> => {
    const next = await reader.next();
    return next.done ? undefined : next.value;
  };
  try {
    let [one, other] = await Promise.all([read(readers[0]), read(readers[1])]);
    while (one || other) {
      const frame = Math.min(one?.frame ?? Infinity, other?.frame ?? Infinity);
      const [isOne, isOther] = [one?.frame === frame, other?.frame === frame];
      yield [isOne ? one : undefined, isOther ? other : undefined];
      if (isOne) one = await read(readers[0]);
      if (isOther) other = await read(readers[1]);
    }
  } finally {
    for (const reader of readers) await reader.return?.();
  }
}
