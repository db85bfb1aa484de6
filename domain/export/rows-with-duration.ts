import type { FrameRow, ResultHeader } from '../result/result.js';
import { isSkipped, type ResultFrame } from '../result/result.js';

/** Row with its display time in milliseconds from the container's start time. */
export interface TimedRow {
  readonly row: FrameRow;
  readonly fromMs: number;
  /** Infinity if no sampled frame follows. */
  readonly toMs: number;
}

/** Duration of a frame of a video without a frame rate, in milliseconds. */
const FRAME_MS = 40;

/**
 * Adds to each row the time of the next sampled frame. If that was skipped, its time is
 * interpolated between the rows.
 */
export async function* withDisplayTime(
  frames: AsyncIterable<ResultFrame>,
  { video, parameters }: Pick<ResultHeader, 'video' | 'parameters'>,
): AsyncGenerator<TimedRow> {
  const { every } = parameters;
  const rate = video.frame_rate;
  const sampleMs = every * (rate ? (1000 * rate.den) / rate.num : FRAME_MS);
  let held: FrameRow | undefined;
  for await (const frame of frames) {
    if (isSkipped(frame)) break;
    if (held) yield withEnd(held, frame, every);
    held = frame;
  }
  if (!held) return;
  const isLast = held.frame + every >= video.frame_count;
  const fromMs = held.timestamp_ms;
  yield { row: held, fromMs, toMs: isLast ? Infinity : fromMs + sampleMs };
}

function withEnd(row: FrameRow, next: FrameRow, every: number): TimedRow {
  const fromMs = row.timestamp_ms;
  const share = Math.min(1, every / (next.frame - row.frame));
  return { row, fromMs, toMs: fromMs + share * (next.timestamp_ms - fromMs) };
}
