import type { Keyframe } from '../../domain/video/plan.js';
import { secondsOf } from '../../domain/video/timestamp.js';
import { ffprobeArguments, runFfprobe } from './ffprobe.js';
import type { ProbeSettings, StreamInfo } from './probe-stream.js';
import { seekTime } from './seek-points.js';
import { trackSpecifier } from './tracks.js';

/** Number of keyframes that are examined, evenly over the video. */
const EXAMINED = 8;
/** Seconds before and after a keyframe in MPEG-TS, where a seek is by byte position. */
const MPEGTS_AROUND_S = [0.5, 0.05] as const;

export interface ExamineRequest {
  readonly stream: StreamInfo;
  readonly source: string;
  readonly keyframes: readonly Keyframe[];
  /** Packets to decode from each seek: more than one if the decoder holds frames back. */
  readonly packets: number;
  readonly signal: AbortSignal;
}

/** A frame after a seek to a keyframe, with the timestamp of that keyframe. */
export interface ExaminedFrame {
  readonly isKey: boolean;
  /** Letter of its type, such as `I` or `P`. */
  readonly type: string;
}

/**
 * Seeks to some keyframes and decodes the frames with their timestamps. Any decoding can start from
 * the first keyframe, which is left out. A frame is undefined if no decoded one has its timestamp.
 */
export async function examineKeyframes(
  settings: ProbeSettings,
  { stream, source, keyframes, packets, signal }: ExamineRequest,
): Promise<readonly (ExaminedFrame | undefined)[]> {
  const examined = spread(keyframes.slice(1)).map(({ pts }) => pts);
  if (examined.length === 0) return [];
  const found = new Map<number, ExaminedFrame>();
  const intervals = examined.map((pts) => intervalOf(pts, packets, stream)).join(',');
  const entries = 'frame=key_frame,best_effort_timestamp,pict_type';
  const args = [
    ...['-flags', '+output_corrupt', '-read_intervals', intervals, '-of', 'csv=p=0'],
    ...ffprobeArguments(source, settings.maxPixels, { entries, streams: trackSpecifier(stream) }),
  ];
  for await (const line of runFfprobe(settings.ffprobe, args, signal).lines) {
    const [key, pts, type = ''] = line.split(',');
    if (line !== '') found.set(Number(pts), { isKey: key === '1', type });
  }
  return examined.map((pts) => found.get(pts));
}

function spread<T>(items: readonly T[]): T[] {
  const step = Math.max(1, Math.ceil(items.length / EXAMINED));
  return items.filter((_, i) => i % step === 0);
}

/** Interval of ffprobe from a keyframe. @example '4.000000%+#1' */
function intervalOf(pts: number, packets: number, stream: StreamInfo): string {
  const seconds = secondsOf(pts, stream);
  if (!stream.container.includes('mpegts')) return `${seekTime(seconds)}%+#${packets}`;
  const [before, after] = MPEGTS_AROUND_S;
  return `${seekTime(seconds - before)}%${seekTime(seconds + after)}`;
}
