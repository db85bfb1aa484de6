import { stat } from 'node:fs/promises';
import { AppError } from '../../domain/errors.js';
import type { RenderRequest } from '../../domain/ports/video-renderer.js';
import { framePeriod } from '../../domain/video/timestamp.js';
import type { Rational } from '../../domain/video/video.js';
import type { MediaTool } from './command.js';
import { firstErrorLine } from './ffmpeg-log.js';

export interface RendererSettings {
  readonly ffmpeg: MediaTool;
  readonly ffprobe: MediaTool;
  readonly maxPixels: number;
}

/** Constant quality that hides its own traces, at a pace that keeps up with detection. */
export const ENCODER = [
  ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '20', '-pix_fmt', 'yuv420p'],
];
/** H.264 in 4:2:0 has even sizes: an odd one gets a row or column at its end. */
export const EVEN_SIZE = 'pad=ceil(iw/2)*2:ceil(ih/2)*2';
/** Options of the input: progress on stderr, and errors of single frames that are tolerated. */
export const TOLERANT = ['-stats', '-stats_period', '1', '-max_error_rate', '1'];
/** Units a second that an MP4 has at least. */
const MIN_CLOCK = 1000;
/** An output that ends this near to its limit was cut off there, in bytes. */
const LIMIT_MARGIN_BYTES = 1024 ** 2;

/** Options of an MP4 without subtitles, data and metadata. */
export function containerOptions({ video, maxBytes }: RenderRequest): string[] {
  return [
    ...['-sn', '-dn', '-map_metadata', '-1', '-map_chapters', '-1'],
    ...['-movie_timescale', String(clockOf(video)), '-movflags', '+faststart'],
    ...['-fs', String(maxBytes), '-f', 'mp4'],
  ];
}

/** Units a second in which the start of the video is written: as exact as its frames are. */
export function clockOf({ time_base }: RenderRequest['video'], min = MIN_CLOCK): number {
  return time_base.den * Math.ceil(min / time_base.den);
}

/**
 * Keeps each frame and its time, in units of a time base. Newer versions of ffmpeg refuse `-1`, which was
 * the time base of the source.
 */
export function exactTimes({ num, den }: Rational): string[] {
  return ['-fps_mode', 'passthrough', '-enc_time_base', `${num}:${den}`];
}

/** Gives each frame the time that its row has. @param first number of the first frame */
export function countingFilter(video: RenderRequest['video'], first = 0): string {
  const { num, den } = video.time_base;
  return `setpts=(N+${first})*${(framePeriod(video) * num) / den}/TB`;
}

/** @throws AppError `LIMIT_EXCEEDED` if a video was cut off at its maximum size. */
export async function expectWhole(path: string, maxBytes: number): Promise<void> {
  const { size } = await stat(path);
  if (size <= maxBytes - LIMIT_MARGIN_BYTES) return;
  throw new AppError(
    'LIMIT_EXCEEDED',
    `The rendered video is larger than ${maxBytes} bytes, which is what one may have. Take the WebVTT export and draw from it.`,
  );
}

/** Error of a render that ffmpeg ended. */
export function notRendered(log: string): AppError {
  const reason = firstErrorLine(log) ?? 'ffmpeg ended without a word';
  return new AppError('BAD_VIDEO', `The video cannot be rendered: ${reason}.`);
}
