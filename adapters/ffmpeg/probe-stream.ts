import { z } from 'zod';
import { AppError } from '../../domain/errors.js';
import type { Rational, VideoInfo } from '../../domain/video/video.js';
import type { MediaTool } from './command.js';
import { tooManyPixels, unreadable, withoutVideo } from './ffmpeg-log.js';
import { runFfprobe } from './ffprobe.js';
import { untrustedInput } from './whitelists.js';

export interface ProbeSettings {
  readonly ffprobe: MediaTool;
  readonly ffmpeg: MediaTool;
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
      width: z.int().min(0),
      height: z.int().min(0),
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

type Stream = z.infer<typeof outputSchema>['streams'][number];

/** Reads the properties of the first video stream that is not a cover image. */
export type StreamInfo = Omit<VideoInfo, 'frame_count' | 'first_pts' | 'sound'>;

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

/** @throws AppError `BAD_VIDEO` without a video, `LIMIT_EXCEEDED` if it is too large. */
export async function probeStream(
  settings: ProbeSettings,
  source: string,
  signal: AbortSignal,
): Promise<StreamInfo> {
  const { text, log } = await ffprobeJson(settings, source, signal);
  const parsed = outputSchema.safeParse(jsonOrEmpty(text));
  const stream = parsed.data?.streams[0];
  if (!parsed.data || !stream) throw withoutVideo(log, settings.maxPixels);
  if (stream.width === 0 || stream.height === 0) {
    throw unreadable(log, settings.maxPixels, 'its frame size is unknown');
  }
  const { format } = parsed.data;
  checkLimits(settings, stream, format.duration);
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
  const { lines, complaints } = runFfprobe(settings.ffprobe, [...args, '-of', 'json'], signal);
  let text = '';
  for await (const line of lines) text += `${line}\n`;
  return { text, log: complaints.join('\n') };
}

/** A probe that fails leaves an incomplete object. */
function jsonOrEmpty(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

function checkLimits(
  settings: ProbeSettings,
  { width, height }: Stream,
  seconds: number | undefined,
): void {
  if (width * height > settings.maxPixels) {
    throw tooManyPixels(`${width}x${height}`, settings.maxPixels);
  }
  if ((seconds ?? 0) > settings.maxSeconds) {
    throw new AppError(
      'LIMIT_EXCEEDED',
      `The video lasts ${seconds} s; the limit is ${settings.maxSeconds} s (VIDETTE_MAX_VIDEO_HOURS).`,
    );
  }
}

/** ffprobe reports counter-clockwise degrees from -180 to 180. @example clockwise(-90) // 90 */
function clockwise(rotation: number): number {
  return (((Math.round(-rotation / 90) * 90) % 360) + 360) % 360;
}

function positive(value: Rational): Rational | null {
  return value.num > 0 && value.den > 0 ? value : null;
}
