import { execa } from 'execa';
import { readFile, rm, writeFile } from 'node:fs/promises';
import type { Size } from '../../domain/result/detection.js';
import type { FrameIdentity } from '../../domain/video/frame-range.js';
import { writeCached } from './cached-file.js';
import { makeNumberedClip } from './numbered-clip.js';

/** A kind of real-world video, made with ffmpeg. */
export interface ClipKind {
  readonly name: string;
  readonly extension: string;
  readonly frames: number;
  readonly size?: Size;
  readonly rate?: number;
  readonly options: readonly string[];
  /** Options of a second pass that copies the stream; some metadata requires it. */
  readonly copyInput?: readonly string[];
  readonly copyOutput?: readonly string[];
  /** Clockwise rotation by a player, in degrees. */
  readonly rotation?: number;
  /** Identity of its frames; by default their PTS. */
  readonly identity?: FrameIdentity;
  /** Sampling of the test. */
  readonly every?: number;
}

export const SIZE: Size = { width: 128, height: 64 };
const ODD: Size = { width: 127, height: 65 };

const x264 = (...options: string[]) => ['-c:v', 'libx264', '-preset', 'veryfast', ...options];
const gop = (frames: number) => ['-g', String(frames), '-keyint_min', String(frames)];
const plain = x264('-bf', '0', ...gop(30), '-sc_threshold', '0');
const withB = x264('-bf', '3', ...gop(40), '-sc_threshold', '0');
const vp = (codec: string) => [
  ...['-c:v', codec, '-b:v', '400k', '-deadline', 'good', '-cpu-used', '5'],
  ...['-auto-alt-ref', '1', '-lag-in-frames', '16', '-g', '60'],
];
const variable = ['-vf', "settb=1/1000,setpts='N*40+11*mod(N,3)+900*gt(N,100)'"];
const rotated = (degrees: number): ClipKind => ({
  name: `rotation ${degrees}`,
  extension: 'mp4',
  frames: 60,
  options: plain,
  rotation: degrees,
});

export const CLIP_KINDS: readonly ClipKind[] = [
  { name: 'constant rate', extension: 'mp4', frames: 300, options: plain, every: 1 },
  {
    name: 'variable rate',
    extension: 'mp4',
    frames: 300,
    options: [...variable, '-fps_mode', 'passthrough', '-enc_time_base', '1:1000', ...withB],
  },
  { name: 'B-frames', extension: 'mp4', frames: 300, options: withB, every: 1 },
  {
    name: 'open GOP',
    extension: 'mp4',
    frames: 300,
    options: x264('-bf', '3', ...gop(40), '-x264-params', 'open-gop=1:scenecut=0'),
    every: 1,
  },
  {
    name: 'one keyframe in 2000 frames',
    extension: 'mp4',
    frames: 2000,
    options: x264(...gop(5000), '-sc_threshold', '0'),
    every: 1,
  },
  ...[90, 180, 270].map(rotated),
  {
    name: 'edit list that starts later',
    extension: 'mp4',
    frames: 120,
    options: withB,
    copyOutput: ['-output_ts_offset', '2.5'],
  },
  {
    name: 'edit list that hides the first frames',
    extension: 'mp4',
    frames: 120,
    options: withB,
    copyInput: ['-ss', '0.72'],
  },
  {
    name: 'MPEG-TS from 1.4 s',
    extension: 'ts',
    frames: 300,
    options: withB,
    every: 1,
  },
  {
    name: 'MPEG-TS of open GOPs from 3 min',
    extension: 'ts',
    frames: 300,
    options: x264('-bf', '3', ...gop(40), '-x264-params', 'open-gop=1:scenecut=0'),
    copyOutput: ['-output_ts_offset', '180'],
  },
  {
    name: 'odd size',
    extension: 'mkv',
    frames: 60,
    size: ODD,
    options: x264('-pix_fmt', 'yuv444p'),
  },
  { name: 'one frame', extension: 'mp4', frames: 1, options: plain },
  { name: 'two frames', extension: 'mp4', frames: 2, options: withB },
  {
    name: 'Matroska, 60 a second',
    extension: 'mkv',
    frames: 600,
    rate: 60,
    options: withB,
    every: 2,
  },
  {
    name: 'AVI',
    extension: 'avi',
    frames: 300,
    options: ['-c:v', 'mpeg4', '-q:v', '2', '-g', '50'],
    every: 1,
  },
  {
    name: 'AVI with B-frames',
    extension: 'avi',
    frames: 300,
    options: ['-c:v', 'mpeg4', '-q:v', '2', '-g', '50', '-bf', '2'],
    every: 1,
  },
  {
    name: 'AVI of H.264 with B-frames',
    extension: 'avi',
    frames: 300,
    options: withB,
    every: 1,
  },
  {
    name: 'AVI of H.264 with open GOPs',
    extension: 'avi',
    frames: 300,
    options: x264('-bf', '3', ...gop(40), '-x264-params', 'open-gop=1:scenecut=0'),
    every: 1,
  },
  {
    name: 'raw H.264 with B-frames',
    extension: 'h264',
    frames: 300,
    options: withB,
    identity: 'ordinal',
  },
  { name: 'WebM VP9', extension: 'webm', frames: 150, options: vp('libvpx-vp9') },
  { name: 'WebM VP8', extension: 'webm', frames: 150, options: vp('libvpx') },
  {
    name: 'HEVC',
    extension: 'mp4',
    frames: 150,
    options: ['-c:v', 'libx265', '-x265-params', 'log-level=error:keyint=50'],
  },
];

/** Writes a clip of this kind. */
export function makeClip(kind: ClipKind, path: string): Promise<void> {
  return writeCached(path, { clip: kind }, (to) => encodeClip(kind, to));
}

async function encodeClip(kind: ClipKind, path: string): Promise<void> {
  const { size = SIZE, frames, rate, options, copyInput = [], copyOutput = [], rotation } = kind;
  const isCopied = copyInput.length + copyOutput.length > 0;
  const first = isCopied ? `${path}.first.${kind.extension}` : path;
  await makeNumberedClip(first, { size, frames, rate, options });
  if (rotation !== undefined) await rotateMp4(first, rotation);
  if (!isCopied) return;
  const input = ['-v', 'error', '-nostdin', '-y', ...copyInput, '-i', first];
  await execa('ffmpeg', [...input, '-c', 'copy', ...copyOutput, path]);
  await rm(first);
}

const FIXED_POINT = 0x10000;
/** Bytes from the name of a track's header to its display matrix (ISO 14496-12, version 0). */
const MATRIX_OFFSET = 44;

/** Writes a rotation into an MP4 file, as a phone does; no ffmpeg option does it in all versions. */
export async function rotateMp4(path: string, degrees: number): Promise<void> {
  const file = await readFile(path);
  const matrix = file.indexOf('tkhd') + MATRIX_OFFSET;
  const cos = Math.round(Math.cos((degrees * Math.PI) / 180)) * FIXED_POINT;
  const sin = Math.round(Math.sin((degrees * Math.PI) / 180)) * FIXED_POINT;
  for (const [cell, value] of [cos, sin, 0, -sin, cos].entries()) {
    file.writeInt32BE(value, matrix + 4 * cell);
  }
  await writeFile(path, file);
}
