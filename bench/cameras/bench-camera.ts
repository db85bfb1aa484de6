import { mkdir, rename, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { execa } from 'execa';
import { AppError } from '../../domain/errors.js';
import { startFaultCameraProcess } from './fault-camera.js';
import { type BenchCamera, startMjpegCamera } from './mjpeg-camera.js';

export interface CameraVideo {
  /** Video that the camera repeats. */
  readonly clip: string;
  /** Folder of the encoded videos. */
  readonly folder: string;
  /** Width and height in pixels, as `1920x1080`. */
  readonly size: string;
}

/** Kinds of cameras: how they encode a clip, and how they are started. */
export const CAMERA_KINDS = ['rtsp', 'mjpeg'] as const;
export type CameraKind = (typeof CAMERA_KINDS)[number];

const FPS = 25;
/** A keyframe every two seconds; delimiters separate the access units of the file. */
const H264_PARAMS = 'aud=1:bframes=0:scenecut=0:keyint=50:min-keyint=50';
const H264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p'];
const ENCODINGS = {
  rtsp: {
    seconds: 60,
    extension: '.264',
    options: [...H264, '-crf', '23', '-x264-params', H264_PARAMS, '-f', 'h264'],
  },
  mjpeg: { seconds: 10, extension: '.mjpeg', options: ['-q:v', '5', '-f', 'mjpeg'] },
} as const;

/** Starts a camera that repeats a clip at 25 frames per second. */
export async function startBenchCamera(kind: CameraKind, video: CameraVideo): Promise<BenchCamera> {
  if (kind === 'rtsp') return startLeavingCamera(video);
  const path = await encodeVideo(kind, video);
  return startMjpegCamera(path, 1000 / FPS);
}

/** A camera that can be unreachable. */
export interface LeavingCamera extends BenchCamera {
  /** Closes all connections, and resolves when the camera is reachable again. */
  leave(ms: number): Promise<void>;
}

/** Starts an RTSP camera that repeats a clip at 25 frames per second. */
export async function startLeavingCamera(video: CameraVideo): Promise<LeavingCamera> {
  const path = await encodeVideo('rtsp', video);
  const { rtsp, control, child } = await startFaultCameraProcess(['-file', path]);
  return {
    url: `rtsp://${rtsp}/live`,
    close: () => void child.kill('SIGKILL'),
    async leave(ms) {
      const response = await fetch(`http://${control}/away?value=${ms}`, { method: 'POST' });
      if (!response.ok) throw new Error(`away: ${await response.text()}`);
    },
  };
}

/** @throws AppError `INVALID_INPUT`. */
export function toCameraKind(text: string): CameraKind {
  const kind = CAMERA_KINDS.find((known) => known === text);
  if (kind !== undefined) return kind;
  const message = `"${text}" is not a kind of camera: ${CAMERA_KINDS.join(' or ')}.`;
  throw new AppError('INVALID_INPUT', message);
}

/** Encodes a clip unless it was encoded before; returns the path. */
async function encodeVideo(kind: CameraKind, { clip, folder, size }: CameraVideo): Promise<string> {
  const { seconds, extension, options } = ENCODINGS[kind];
  const path = join(folder, `${basename(clip, extname(clip))}-${size}-${FPS}${extension}`);
  if (await stat(path).catch(() => undefined)) return path;
  await mkdir(folder, { recursive: true });
  const partial = `${path}.partial`;
  const input = ['-stream_loop', '-1', '-i', clip, '-t', String(seconds), '-an'];
  const filter = ['-vf', `fps=${FPS},scale=${size.replace('x', ':')}`];
  await execa('ffmpeg', [
    '-nostdin',
    '-v',
    'error',
    '-y',
    ...input,
    ...filter,
    ...options,
    partial,
  ]);
  await rename(partial, path);
  return path;
}
