import { AppError } from '../../domain/errors.js';
import type { Rational, VideoInfo } from '../../domain/video/video.js';
import type { MediaTool } from './command.js';
import { displayRotation } from './display-rotation.js';
import { tooManyPixels, unreadable, withoutVideo } from './ffmpeg-log.js';
import { ffprobeArguments, runFfprobe } from './ffprobe.js';
import { STREAM_ENTRIES, type Format, type Stream, streamsSchema } from './stream-schema.js';
import { chooseTrack } from './tracks.js';

export interface ProbeSettings {
  readonly ffprobe: MediaTool;
  readonly ffmpeg: MediaTool;
  readonly maxPixels: number;
  readonly maxSeconds: number;
  readonly maxFrames: number;
}

/** Properties of a video stream that do not depend on its frames. */
export type StreamInfo = Omit<VideoInfo, 'frame_count' | 'first_pts' | 'sound' | 'missing_frames'>;

/** Length of a video by the headers of its file, which can be wrong. */
export interface DeclaredLength {
  readonly frames: number | undefined;
  readonly fileS: number | undefined;
}

export interface ProbedStream {
  readonly stream: StreamInfo;
  readonly declared: DeclaredLength;
  readonly warnings: readonly string[];
}

export interface StreamRequest {
  /** Absolute path of the file. */
  readonly source: string;
  /** Requested video track, from 0; undefined for the default one. */
  readonly track: number | undefined;
  readonly signal: AbortSignal;
}

/**
 * Reads the properties of the video track to process.
 * @throws AppError `BAD_VIDEO` without a video, `LIMIT_EXCEEDED` if it is too large,
 * `INVALID_INPUT` if the requested track does not exist.
 */
export async function probeStream(
  settings: ProbeSettings,
  request: StreamRequest,
): Promise<ProbedStream> {
  const { text, log } = await ffprobeJson(settings, request);
  const parsed = streamsSchema.safeParse(jsonOrEmpty(text));
  if (!parsed.data?.streams.length) throw withoutVideo(log, settings.maxPixels);
  const { format, streams } = parsed.data;
  const { track, warnings } = chooseTrack(streams, request.track);
  const stream = streams[track]!; // one of them was chosen
  if (stream.width === 0 || stream.height === 0) {
    throw unreadable(log, settings.maxPixels, 'its frame size is unknown');
  }
  checkSize(settings, stream);
  const { rotation, warning } = displayRotation(stream.side_data_list);
  return {
    stream: { ...infoOf(stream, format, rotation), ...(streams.length > 1 && { track }) },
    declared: { frames: stream.nb_frames, fileS: format.duration },
    warnings: [...warnings, ...(warning ? [warning] : [])],
  };
}

function infoOf(stream: Stream, format: Format, rotation: number): StreamInfo {
  const { width, height } = stream;
  const isOnItsSide = rotation % 180 !== 0;
  return {
    size: isOnItsSide ? { width: height, height: width } : { width, height },
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

async function ffprobeJson(settings: ProbeSettings, { source, signal }: StreamRequest) {
  const args = ffprobeArguments(source, settings.maxPixels, {
    entries: STREAM_ENTRIES,
    streams: 'V',
  });
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

function checkSize({ maxPixels }: ProbeSettings, { width, height }: Stream): void {
  if (width * height > maxPixels) throw tooManyPixels(`${width}x${height}`, maxPixels);
}

/** @throws AppError `LIMIT_EXCEEDED` if a video is longer than allowed. */
export function checkDuration({ maxSeconds }: ProbeSettings, seconds: number): void {
  if (seconds <= maxSeconds) return;
  throw new AppError(
    'LIMIT_EXCEEDED',
    `The video lasts ${seconds} s; the limit is ${maxSeconds} s (VIDETTE_MAX_VIDEO_HOURS).`,
  );
}

function positive(value: Rational): Rational | null {
  return value.num > 0 && value.den > 0 ? value : null;
}
