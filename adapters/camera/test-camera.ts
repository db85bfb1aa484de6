import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import type { AccessUnit, NalCodec } from '../../domain/stream/access-unit.js';
import { type CameraTest, estimateCores, measureRates } from '../../domain/stream/camera-test.js';
import type { CameraUrl } from '../../domain/stream/camera-url.js';
import type { Size } from '../../domain/result/detection.js';
import type { CameraNetworks } from '../download/camera-addresses.js';
import { openRtspCamera } from '../rtsp/rtsp-camera.js';
import { streamError } from '../rtsp/stream-error.js';
import type { TimedUnit } from '../rtsp/track-reader.js';
import { resolveVideoFile } from './file-source.js';
import { firstJpeg } from './first-jpeg.js';
import { type HttpCamera, openHttpCamera } from './http-camera.js';
import { fencedTool, frameOf, newestJpeg, type TestedFrameSettings } from './tested-frame.js';
import { probeUnits } from './probe-units.js';
import { createUnitConverter } from './rtsp-units.js';

export interface CameraTestSettings extends CameraNetworks, TestedFrameSettings {
  /** Folder of allowed files; undefined: none. */
  readonly fileRoot: string | undefined;
  /** Frames per second for which the cost is estimated. */
  readonly fps: number;
  /** Length of the test in ms. */
  readonly testMs?: number;
}

type Measured = Omit<CameraTest, 'camera' | 'authenticated' | 'seconds' | 'cores' | 'cores_fps'>;

const TEST_MS = 6000;
/** Maximum frames per second of a camera that sends single JPEGs. */
const POLL_FPS = 25;
const UNKNOWN = {
  ...{ width: null, height: null, fps: null, keyframe_interval_s: null },
  ...{ kbit_per_s: null, jitter_ms: null, lost_packets: null },
} as const;

/**
 * Reads a camera for some seconds, over a connection of its own, and measures what it sends.
 * @throws AppError `STREAM_*`, `URL_FORBIDDEN` or `INVALID_INPUT`; messages show only protocol and
 * host of the URL.
 */
export async function testCamera(
  url: CameraUrl,
  settings: CameraTestSettings,
  signal: AbortSignal,
): Promise<CameraTest> {
  const start = performance.now();
  const measured = await measure(url, settings, signal);
  const { codec, width, height, fps } = measured;
  const isKnown = width !== null && height !== null && fps !== null;
  return {
    ...{ camera: url.shown, authenticated: url.credentials !== undefined, ...measured },
    seconds: Math.round((performance.now() - start) / 100) / 10,
    cores: isKnown ? estimateCores(codec, { width, height }, fps, settings.fps) : null,
    cores_fps: settings.fps,
  };
}

async function measure(
  url: CameraUrl,
  settings: CameraTestSettings,
  signal: AbortSignal,
): Promise<Measured> {
  switch (url.protocol) {
    case 'file':
      return measureFile(url, settings, signal);
    case 'http':
    case 'https':
      return measureHttp(url, settings, signal);
    case 'rtsp':
    case 'rtsps':
      return measureRtsp(url, settings, signal);
  }
}

async function measureFile(
  { requestUrl }: CameraUrl,
  settings: CameraTestSettings,
  signal: AbortSignal,
): Promise<Measured> {
  const path = await resolveVideoFile(requestUrl, settings.fileRoot);
  const frame = await frameOf(settings, (tool) => firstJpeg(tool, { kind: 'file', path }, signal));
  return { codec: 'file', ...UNKNOWN, frame };
}

async function measureRtsp(
  url: CameraUrl,
  settings: CameraTestSettings,
  signal: AbortSignal,
): Promise<Measured> {
  const received: TimedUnit[] = [];
  const camera = await openRtspCamera({
    ...{ url, signal, cameraNetworks: settings.cameraNetworks },
    deniedAddresses: settings.deniedAddresses,
    onUnit: (unit) => received.push(unit),
  });
  try {
    const { codec } = camera.track;
    await Promise.race([sleep(settings.testMs ?? TEST_MS, undefined, { signal }), camera.ended]);
    const { lost } = camera.stats();
    const units = received.map(createUnitConverter(codec));
    const size = await sizeOf(codec, units, url, settings, signal);
    const frame = await frameOf(settings, (tool) => newestJpeg(tool, units));
    return { codec, ...size, ...measureRates(units.map(toTested)), lost_packets: lost, frame };
  } finally {
    await camera.close();
  }
}

/** Reads the size of the frames from the first keyframe. */
async function sizeOf(
  codec: NalCodec,
  units: readonly AccessUnit[],
  { shown }: CameraUrl,
  settings: CameraTestSettings,
  signal: AbortSignal,
): Promise<Size> {
  const first = units.findIndex(({ key }) => key);
  if (first < 0) {
    const what = `${shown} sent no keyframe during the test`;
    throw streamError('STREAM_NO_VIDEO', what, 'Set its keyframe interval to at most 4 s.');
  }
  const { width, height } = await probeUnits(
    await fencedTool(settings, 'ffprobe'),
    codec,
    units.slice(first, first + PROBED_UNITS),
    signal,
  );
  return { width, height };
}

const PROBED_UNITS = 10;

async function measureHttp(
  url: CameraUrl,
  settings: CameraTestSettings,
  signal: AbortSignal,
): Promise<Measured> {
  const ended = new AbortController();
  const either = AbortSignal.any([signal, ended.signal]);
  const camera = await openHttpCamera(url, { ...settings, fps: POLL_FPS }, either);
  if (camera.kind === 'body') return measureBody(camera, settings, signal);
  const deadline = Date.now() + (settings.testMs ?? TEST_MS);
  const units: AccessUnit[] = [];
  try {
    for await (const unit of camera.units) {
      units.push(unit);
      if (Date.now() >= deadline) break;
    }
  } finally {
    ended.abort();
  }
  const size = await jpegSize(units, url);
  const frame = await frameOf(settings, () => Promise.resolve(units.at(-1)?.data));
  return { codec: 'mjpeg', ...size, ...ratesOfJpegs(units), frame };
}

async function measureBody(
  { format, body }: Extract<HttpCamera, { kind: 'body' }>,
  settings: CameraTestSettings,
  signal: AbortSignal,
): Promise<Measured> {
  try {
    const source = { kind: 'body', format, body } as const;
    const frame = await frameOf(settings, (tool) => firstJpeg(tool, source, signal));
    return { codec: format, ...UNKNOWN, frame };
  } finally {
    body.destroy();
  }
}

async function jpegSize(units: readonly AccessUnit[], { shown }: CameraUrl): Promise<Size> {
  try {
    const { width, height } = await sharp(units[0]!.data).metadata();
    return { width, height };
  } catch {
    const advice = 'Check that the URL is that of an MJPEG stream, and restart the camera.';
    throw streamError('STREAM_NO_VIDEO', `${shown} sent no valid JPEG`, advice);
  }
}

/** Each JPEG is a keyframe, and HTTP loses no packets. */
function ratesOfJpegs(units: readonly AccessUnit[]) {
  return { ...measureRates(units.map(toTested)), keyframe_interval_s: null, lost_packets: null };
}

function toTested({ arrival, key, data }: AccessUnit) {
  return { arrival, key, bytes: data.length };
}
