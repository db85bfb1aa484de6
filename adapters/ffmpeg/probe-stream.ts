import { basename } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { AppError } from '../../domain/errors.js';
import type { Rational, VideoInfo } from '../../domain/video.js';
import { complaintOf } from './command.js';
import { untrustedInput } from './whitelists.js';

export interface ProbeSettings {
  /** Launchers of ffprobe and ffmpeg. */
  readonly ffprobe: string;
  readonly ffmpeg: string;
  readonly maxPixels: number;
  readonly maxSeconds: number;
  readonly maxFrames: number;
}

const ratio = z
  .string()
  .regex(/^-?\d+[/:]-?\d+$/)
  .transform((text): Rational => {
    const [num, den] = text.split(/[/:]/).map(Number);
    return { num: num!, den: den! };
  });

const outputSchema = z.object({
  streams: z.array(
    z.object({
      codec_name: z.string().default('unknown'),
      width: z.int().min(1),
      height: z.int().min(1),
      pix_fmt: z.string().default('unknown'),
      color_space: z.string().default('unknown'),
      color_range: z.string().default('unknown'),
      sample_aspect_ratio: ratio.catch({ num: 1, den: 1 }),
      time_base: ratio,
      avg_frame_rate: ratio.catch({ num: 0, den: 0 }),
      side_data_list: z.array(z.object({ rotation: z.number().optional() })).default([]),
    }),
  ),
  format: z.object({
    format_name: z.string(),
    start_time: z.coerce.number().catch(0),
    duration: z.coerce.number().optional().catch(undefined),
  }),
});

/** What ffprobe says of the first video stream that is no cover picture, without its frames. */
export type StreamInfo = Omit<VideoInfo, 'frame_count' | 'first_pts'>;

const ENTRIES = [
  'stream=codec_name,width,height,pix_fmt,color_space,color_range,sample_aspect_ratio,time_base,avg_frame_rate',
  'stream_side_data=rotation',
  'format=format_name,start_time,duration',
].join(':');

/** Arguments of ffprobe for one untrusted local file. */
export function ffprobeArguments(source: string, maxPixels: number, entries: string): string[] {
  const input = [...untrustedInput('ffprobe', maxPixels), `file:${source}`];
  return [
    '-v',
    'error',
    '-hide_banner',
    '-select_streams',
    'V:0',
    '-show_entries',
    entries,
    ...input,
  ];
}

/** @throws AppError `BAD_VIDEO` for what is no video, `LIMIT_EXCEEDED` for one that is too large. */
export async function probeStream(
  settings: ProbeSettings,
  source: string,
  signal: AbortSignal,
): Promise<StreamInfo> {
  const { text, complaint } = await ffprobeJson(settings, source, signal);
  const parsed = outputSchema.safeParse(jsonOrEmpty(text));
  const stream = parsed.data?.streams[0];
  if (!parsed.data || !stream) throw badVideo(complaint ?? 'it has no video stream');
  const { format } = parsed.data;
  checkLimits(settings, stream.width * stream.height, format.duration);
  const rotation = clockwise(stream.side_data_list.find((data) => data.rotation)?.rotation ?? 0);
  const turned = rotation === 90 || rotation === 270;
  return {
    size: turned
      ? { width: stream.height, height: stream.width }
      : { width: stream.width, height: stream.height },
    rotation,
    sample_aspect_ratio: positive(stream.sample_aspect_ratio) ?? { num: 1, den: 1 },
    codec: stream.codec_name,
    pixel_format: stream.pix_fmt,
    color_space: stream.color_space,
    color_range: stream.color_range,
    container: format.format_name,
    time_base: stream.time_base,
    frame_rate: positive(stream.avg_frame_rate),
    start_time_s: format.start_time,
  };
}

async function ffprobeJson(settings: ProbeSettings, source: string, signal: AbortSignal) {
  const args = ffprobeArguments(source, settings.maxPixels, ENTRIES);
  const probe = await execa(settings.ffprobe, [...args, '-of', 'json'], {
    cancelSignal: signal,
    reject: false,
  });
  signal.throwIfAborted();
  throwIfStopped(probe);
  return {
    text: probe.stdout,
    complaint: complaintOf(probe.stderr.replaceAll(`file:${source}`, basename(source))),
  };
}

/** A probe that fails leaves half an object behind. */
function jsonOrEmpty(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** A damaged file makes ffprobe end with 1 after it listed what there is: its output counts then. */
export function throwIfStopped(probe: { exitCode?: number; shortMessage?: string }): void {
  if (probe.exitCode === undefined || probe.exitCode >= 124) {
    throw new AppError('DECODE_FAILED', `ffprobe was stopped: ${probe.shortMessage ?? 'killed'}`);
  }
}

/** `BAD_VIDEO` with its reason in ffmpeg's words. */
export function badVideo(reason: string): AppError {
  return new AppError(
    'BAD_VIDEO',
    `This is no video that can be decoded: ${reason}. Check that the file plays and is whole.`,
  );
}

function checkLimits(settings: ProbeSettings, pixels: number, seconds: number | undefined): void {
  if (pixels > settings.maxPixels) {
    throw new AppError(
      'LIMIT_EXCEEDED',
      `The video has ${pixels} pixels a frame, allowed are ${settings.maxPixels} (VIDETTE_MAX_PIXELS).`,
    );
  }
  if ((seconds ?? 0) > settings.maxSeconds) {
    throw new AppError(
      'LIMIT_EXCEEDED',
      `The video says that it lasts ${seconds} s, allowed are ${settings.maxSeconds} s (VIDETTE_MAX_VIDEO_HOURS).`,
    );
  }
}

/** ffprobe turns counter-clockwise, from -180 to 180. @example clockwise(-90) // 90 */
function clockwise(rotation: number): number {
  return (((Math.round(-rotation / 90) * 90) % 360) + 360) % 360;
}

function positive(value: Rational): Rational | null {
  return value.num > 0 && value.den > 0 ? value : null;
}
