import type { VideoInfo } from './video.js';

/** Bytes of a PTS in a job's table of frames: int64, little-endian, in display order. */
export const PTS_BYTES = 8;

/** Milliseconds from the container's start, to a thousandth. */
export function timestampMs(
  pts: number,
  { time_base, start_time_s }: Pick<VideoInfo, 'time_base' | 'start_time_s'>,
): number {
  const seconds = (pts * time_base.num) / time_base.den - start_time_s;
  return Math.round(seconds * 1e6) / 1e3;
}
