import type { CameraTest } from '../../domain/stream/camera-test.js';
import { formatPairs } from '../format.js';

/** Formats what a camera sends, and what it will cost. */
export function formatCameraTest(test: CameraTest): string {
  const { width, height, fps, keyframe_interval_s, kbit_per_s, jitter_ms, lost_packets } = test;
  const withUnit = (value: number | null, unit: string) =>
    value === null ? null : `${value} ${unit}`;
  return formatPairs([
    ['camera', test.camera],
    ['codec', test.codec],
    ['size', width === null || height === null ? null : `${width}x${height}`],
    ['rate', withUnit(fps, 'frames per second')],
    ['keyframes', keyframe_interval_s === null ? null : `every ${keyframe_interval_s} s`],
    ['bit rate', withUnit(kbit_per_s, 'kbit/s')],
    ['jitter', withUnit(jitter_ms, 'ms')],
    ['lost', withUnit(lost_packets, 'packets')],
    ['login', test.authenticated ? 'accepted' : 'not used'],
    ['cost', test.cores === null ? null : `about ${test.cores} cores at ${test.cores_fps} fps`],
  ]);
}
