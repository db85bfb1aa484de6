import { dirname } from 'node:path';
import { AppError } from '../../domain/errors.js';
import { type MediaTool, runFfmpeg } from '../ffmpeg/command.js';
import { firstErrorLine } from '../ffmpeg/ffmpeg-log.js';
import { exactTimes } from '../ffmpeg/render-options.js';
import { untrustedInput } from '../ffmpeg/whitelists.js';
import { measureMp4 } from './finish-clip.js';

export interface EncodeClipOptions {
  readonly ffmpeg: MediaTool;
  /** Maximum pixels of a frame. */
  readonly maxPixels: number;
  /** Path of a Matroska file of JPEGs, whose end may be missing. */
  readonly source: string;
  /** Path of the clip; an existing file is replaced. */
  readonly output: string;
  /** Time after the first frame at which the clip ends, in ms. */
  readonly lengthMs: number;
  readonly signal: AbortSignal;
}

/** One thread: clips are not urgent, and share the machine with detection. */
const ENCODER = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '23', '-threads', '1'];
/** Time base of Matroska. */
const MATROSKA_CLOCK = { num: 1, den: 1000 };
/** H.264 in 4:2:0 has even sizes; JPEGs have the full range of values. */
const FILTERS = 'pad=ceil(iw/2)*2:ceil(ih/2)*2,scale=out_range=tv,format=yuv420p';

/**
 * Encodes JPEGs as H.264, which browsers play.
 * @returns time of the last frame, in ms after the first one.
 * @throws AppError `BAD_VIDEO` if no frame can be decoded, and `DECODE_FAILED` if ffmpeg is stopped.
 */
export async function encodeClip(options: EncodeClipOptions): Promise<number> {
  const { ffmpeg, maxPixels, source, output, lengthMs, signal } = options;
  const { log } = await runFfmpeg({
    ...{ ffmpeg, folder: dirname(output), input: `file:${source}`, output, signal },
    inputOptions: [
      ...['-max_error_rate', '1', '-threads', '1'],
      ...untrustedInput('ffmpeg', maxPixels, { formats: 'matroska' }),
      ...['-f', 'matroska'],
    ],
    outputOptions: [
      ...['-map', '0:V:0', '-vf', FILTERS],
      ...exactTimes(MATROSKA_CLOCK),
      ...ENCODER,
      ...(Number.isFinite(lengthMs) ? ['-t', String((lengthMs + 1) / 1000)] : []),
      ...['-map_metadata', '-1', '-movflags', '+faststart', '-f', 'mp4'],
    ],
  });
  const lastMs = await measureMp4(output).catch(() => undefined);
  if (lastMs !== undefined) return lastMs;
  const reason = firstErrorLine(log) ?? 'it has no frame';
  throw new AppError('BAD_VIDEO', `The clip cannot be encoded: ${reason}.`);
}
