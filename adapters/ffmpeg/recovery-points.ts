import type { Keyframe } from '../../domain/video/plan.js';
import { examineKeyframes } from './examined-keyframes.js';
import type { FrameList } from './list-frames.js';
import type { ProbeSettings, StreamInfo } from './probe-stream.js';

/** Codecs that can refresh an image slice by slice, without frames that stand alone. */
const REFRESHING = new Set(['h264', 'hevc']);
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
  readonly list: Pick<FrameList, 'table' | 'examined'>;
  readonly signal: AbortSignal;
}

/** Returns keyframes with the PTS to seek to: that of an earlier one if they are recovery points. */
export async function seekableKeyframes(
  settings: ProbeSettings,
  request: KeyframeRequest,
): Promise<{ readonly keyframes: readonly Keyframe[]; readonly warnings: readonly string[] }> {
  const { keyframes } = request.list.table;
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
  { stream, source, list, signal }: KeyframeRequest,
): Promise<boolean> {
  if (!REFRESHING.has(stream.codec)) return false;
  const request = { stream, source, keyframes: list.table.keyframes, packets: 1, signal };
  const examined = list.examined ?? (await examineKeyframes(settings, request));
  return examined.some((frame) => frame?.type === 'P' || frame?.type === 'B');
}
