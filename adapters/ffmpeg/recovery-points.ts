import type { Keyframe } from '../../domain/video/plan.js';
import { seekTime } from './seek-points.js';
import { ffprobeArguments, runFfprobe } from './ffprobe.js';
import type { ProbeSettings, StreamInfo } from './probe-stream.js';
import { trackSpecifier } from './tracks.js';

/** Codecs that can refresh an image slice by slice, without frames that stand alone. */
const REFRESHING = new Set(['h264', 'hevc']);
/** Number of keyframes that are examined, evenly over the video. */
const EXAMINED = 8;
/** Seconds before and after a keyframe in MPEG-TS, where a seek is by byte position. */
const MPEGTS_AROUND_S = [0.5, 0.05] as const;
/**
 * Number of keyframes from a seek to exact frames. The refresh that a recovery point (H.264 D.2.8)
 * begins can refer to frames before it; then only the next refresh gives exact frames.
 */
const KEYFRAMES_BEFORE = 2;

const RECOVERY_WARNING =
  'Keyframes of this video are only recovery points (intra refresh), so decoding of each range ' +
  `starts ${KEYFRAMES_BEFORE} keyframes earlier. Encode the video with IDR frames to avoid this.`;

interface KeyframeRequest {
  readonly stream: StreamInfo;
  readonly source: string;
  readonly keyframes: readonly Keyframe[];
  readonly signal: AbortSignal;
}

/** Returns keyframes with the PTS to seek to: that of an earlier one if they are recovery points. */
export async function seekableKeyframes(
  settings: ProbeSettings,
  request: KeyframeRequest,
): Promise<{ readonly keyframes: readonly Keyframe[]; readonly warnings: readonly string[] }> {
  const { keyframes } = request;
  if (!(await haveRecoveryPoints(settings, request))) return { keyframes, warnings: [] };
  const seekable = keyframes.map(({ frame }, i) => ({
    frame,
    pts: keyframes[Math.max(0, i - KEYFRAMES_BEFORE)]!.pts,
  }));
  return { keyframes: seekable, warnings: [RECOVERY_WARNING] };
}

/** Whether a keyframe, decoded alone, is not an I-frame. */
async function haveRecoveryPoints(
  settings: ProbeSettings,
  { stream, source, keyframes, signal }: KeyframeRequest,
): Promise<boolean> {
  const examined = new Set(keyframesToExamine(stream, keyframes));
  if (examined.size === 0) return false;
  const intervals = [...examined].map((pts) => intervalOf(pts, stream)).join(',');
  const entries = 'frame=best_effort_timestamp,pict_type';
  const args = [
    ...['-flags', '+output_corrupt', '-read_intervals', intervals, '-of', 'csv=p=0'],
    ...ffprobeArguments(source, settings.maxPixels, { entries, streams: trackSpecifier(stream) }),
  ];
  for await (const line of runFfprobe(settings.ffprobe, args, signal).lines) {
    const [pts, type = ''] = line.split(',');
    if (examined.has(Number(pts)) && 'PB'.includes(type)) return true;
  }
  return false;
}

/** PTS of some keyframes; any decoding can start from the first one, which is left out. */
function keyframesToExamine({ codec }: StreamInfo, keyframes: readonly Keyframe[]): number[] {
  if (!REFRESHING.has(codec)) return [];
  const others = keyframes.slice(1);
  const step = Math.max(1, Math.ceil(others.length / EXAMINED));
  return others.filter((_, i) => i % step === 0).map(({ pts }) => pts);
}

/** Interval of ffprobe with the packet of a keyframe. @example '4.000000%+#1' */
function intervalOf(pts: number, { time_base, container }: StreamInfo): string {
  const seconds = (pts * time_base.num) / time_base.den;
  if (!container.includes('mpegts')) return `${seekTime(seconds)}%+#1`;
  const [before, after] = MPEGTS_AROUND_S;
  return `${seekTime(seconds - before)}%${seekTime(seconds + after)}`;
}
