import type { Size } from '../result/detection.js';
import type { CameraCodec } from './access-unit.js';

/** What a camera sends, and what it will cost. */
export interface CameraTest {
  /** Protocol and host, or the URL of a file. */
  readonly camera: string;
  /** Codec, or the container that ffmpeg reads. */
  readonly codec: CameraCodec | 'mpegts' | 'flv' | 'mov' | 'file';
  /** Pixels; null if they are only known to the decoder. */
  readonly width: number | null;
  readonly height: number | null;
  readonly fps: number | null;
  /** Mean seconds between keyframes; null if fewer than two arrived. */
  readonly keyframe_interval_s: number | null;
  readonly kbit_per_s: number | null;
  /** Mean deviation of the interval between frames, in ms. */
  readonly jitter_ms: number | null;
  /** Packets that did not arrive; null over TCP alone, which loses none. */
  readonly lost_packets: number | null;
  /** Whether it accepted a user name and password. */
  readonly authenticated: boolean;
  /** Length of the test. */
  readonly seconds: number;
  /** Estimated cores of a scenario at `cores_fps` frames per second; null if unknown. */
  readonly cores: number | null;
  readonly cores_fps: number;
  /** JPEG of one frame in base64; missing if it was not requested, or cannot be decoded. */
  readonly frame?: string | undefined;
}

/** A frame of a tested camera. */
export interface TestedUnit {
  /** Arrival in ms since 1970. */
  readonly arrival: number;
  readonly key: boolean;
  readonly bytes: number;
}

type Rates = Pick<CameraTest, 'fps' | 'keyframe_interval_s' | 'kbit_per_s' | 'jitter_ms'>;

/** Measures rates from the frames of a test. */
export function measureRates(units: readonly TestedUnit[]): Rates {
  const [first, last] = [units[0], units.at(-1)];
  if (!first || !last || last === first) {
    return { fps: null, keyframe_interval_s: null, kbit_per_s: null, jitter_ms: null };
  }
  const seconds = (last.arrival - first.arrival) / 1000;
  const bytes = units.slice(1).reduce((sum, unit) => sum + unit.bytes, 0);
  const keys = units.filter(({ key }) => key).map(({ arrival }) => arrival);
  return {
    fps: round((units.length - 1) / seconds, 1),
    keyframe_interval_s: keys.length < 2 ? null : round(mean(intervals(keys)) / 1000, 2),
    kbit_per_s: Math.round((8 * bytes) / 1000 / seconds),
    jitter_ms: round(deviation(intervals(units.map(({ arrival }) => arrival))), 1),
  };
}

/** Cores that decoding takes per million pixels: of each frame sent, for MJPEG of each detected one. */
const DECODE = { h264: 0.0027, h265: 0.0037, mjpeg: 0.0036 } as const;
/** Cores of the process of a camera. */
const PROCESS = 0.012;
/** Cores of a detection per second with YOLOX-nano. */
const DETECT = 0.015;

/**
 * Estimates the cores of a scenario, from figures of 1080p cameras at 25 frames per second and
 * YOLOX-nano on an x86 server; larger models take more.
 * @param sentFps frames per second that the camera sends.
 */
export function estimateCores(
  codec: CameraTest['codec'],
  { width, height }: Size,
  sentFps: number,
  detectedFps: number,
): number | null {
  if (!(codec in DECODE)) return null;
  const rate = codec === 'mjpeg' ? detectedFps : sentFps;
  const decode = DECODE[codec as CameraCodec] * ((width * height) / 1e6) * rate; // checked above
  return round(decode + PROCESS + DETECT * detectedFps, 2);
}

function intervals(instants: readonly number[]): number[] {
  return instants.slice(1).map((instant, index) => instant - instants[index]!);
}

function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return mean(values.map((value) => Math.abs(value - middle)));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
