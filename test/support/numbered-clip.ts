import { once } from 'node:events';
import { execa } from 'execa';
import type { Size } from '../../domain/result/detection.js';

/** Columns and rows of the blocks that show a frame's number in binary, white for 1. */
const COLUMNS = 8;
const ROWS = 2;
const WHITE = 235;
const BLACK = 16;

export interface NumberedClip {
  readonly size: Size;
  readonly frames: number;
  /** Frames per second of the encoder. */
  readonly rate?: number;
  /** Output options of ffmpeg. */
  readonly options: readonly string[];
}

/** Encodes a clip whose every frame shows its own number, 0 to 65535. */
export async function makeNumberedClip(path: string, clip: NumberedClip): Promise<void> {
  const { size, frames, rate = 25, options } = clip;
  const raw = ['-f', 'rawvideo', '-pix_fmt', 'gray', '-s', `${size.width}x${size.height}`];
  const input = [...raw, '-r', String(rate), '-i', 'pipe:0'];
  const quiet = ['-v', 'error', '-nostdin', '-y'];
  const encoder = execa('ffmpeg', [...quiet, ...input, '-pix_fmt', 'yuv420p', ...options, path]);
  for (let number = 0; number < frames; number++) {
    const isRoom = encoder.stdin.write(numberedFrame(number, size));
    if (!isRoom) await Promise.race([once(encoder.stdin, 'drain'), encoder]);
  }
  encoder.stdin.end();
  await encoder;
}

/** One grey frame that shows a number. */
function numberedFrame(number: number, size: Size): Buffer {
  const frame = Buffer.alloc(size.width * size.height, BLACK);
  for (let y = 0; y < size.height; y++) {
    const row = Math.floor((y * ROWS) / size.height);
    for (let x = 0; x < size.width; x++) {
      const column = Math.floor((x * COLUMNS) / size.width);
      const isSet = (number >> (row * COLUMNS + column)) & 1;
      if (isSet) frame[y * size.width + x] = WHITE;
    }
  }
  return frame;
}

/** Geometry for reading a number from one plane of a displayed frame. */
export interface DisplayedPlane {
  /** Size of the displayed frame, in pixels of the plane. */
  readonly size: Size;
  /** Clockwise rotation from the coded frame to the displayed one, in degrees. */
  readonly rotation: number;
}

/** Returns the number that a frame shows, read at the centre of each block. */
export function readNumber(plane: Buffer, { size, rotation }: DisplayedPlane): number {
  let number = 0;
  for (let bit = 0; bit < ROWS * COLUMNS; bit++) {
    const u = ((bit % COLUMNS) + 0.5) / COLUMNS;
    const v = (Math.floor(bit / COLUMNS) + 0.5) / ROWS;
    const [x, y] = turned(u, v, rotation);
    const at = Math.floor(y * size.height) * size.width + Math.floor(x * size.width);
    if (plane[at]! > (WHITE + BLACK) / 2) number |= 1 << bit;
  }
  return number;
}

/** Maps a relative position in the coded frame to the displayed one. */
function turned(u: number, v: number, rotation: number): readonly [x: number, y: number] {
  if (rotation === 90) return [1 - v, u];
  if (rotation === 180) return [1 - u, 1 - v];
  if (rotation === 270) return [v, 1 - u];
  return [u, v];
}
