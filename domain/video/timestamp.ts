import type { VideoInfo } from './video.js';

/** Bytes of a PTS in a job's table of frames: int64, little-endian, in display order. */
export const PTS_BYTES = 8;

/** Converts a PTS, or a difference of two, to seconds. */
export function secondsOf(pts: number, { time_base }: Pick<VideoInfo, 'time_base'>): number {
  return (pts * time_base.num) / time_base.den;
}

/** Milliseconds from the container's start, to a thousandth. */
export function timestampMs(
  pts: number,
  video: Pick<VideoInfo, 'time_base' | 'start_time_s'>,
): number {
  const seconds = secondsOf(pts, video) - video.start_time_s;
  return Math.round(seconds * 1e6) / 1e3;
}

/** Units of PTS from one counted frame to the next, at the average frame rate; at least 1. */
export function framePeriod({
  frame_rate,
  time_base,
}: Pick<VideoInfo, 'frame_rate' | 'time_base'>): number {
  if (!frame_rate) return 1;
  return Math.max(1, (frame_rate.den * time_base.den) / (frame_rate.num * time_base.num));
}
