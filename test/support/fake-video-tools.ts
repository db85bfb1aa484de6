import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../domain/errors.js';
import type { DecodeRequest, VideoTools } from '../../domain/ports/video-tools.js';
import type { Size } from '../../domain/result/detection.js';
import type { VideoInfo } from '../../domain/video/video.js';

/** Content of a fake video; its frames last 40 ms each. */
export interface FakeVideo {
  readonly frames: number;
  readonly size: Size;
}

/** Bytes of a decoded frame; frames are numbered from 0. */
export type FramePainter = (frame: number, bytes: number) => Buffer;

const TICKS_PER_FRAME = 40;
const JPEG_START = Buffer.from([0xff, 0xd8]);
const JPEG_END = Buffer.from([0xff, 0xd9]);

/** Writes a video that only the fake tools can read. */
export async function writeFakeVideo(path: string, video: FakeVideo): Promise<void> {
  await writeFile(path, JSON.stringify(video));
}

/** Video tools without ffmpeg; they pass the contract of `test/contracts/video-tools.ts`. */
export function createFakeVideoTools(
  paint: FramePainter = (frame, bytes) => Buffer.alloc(bytes, frame),
): VideoTools {
  return {
    probe: async ({ source, folder, signal }) => {
      signal.throwIfAborted();
      const { frames, size } = await readFakeVideo(source);
      const tablePath = join(folder, 'pts.bin');
      const pts = BigInt64Array.from({ length: frames }, (_, i) => BigInt(TICKS_PER_FRAME * i));
      await writeFile(tablePath, Buffer.from(pts.buffer));
      const keyframes = [{ frame: 0, pts: 0 }];
      const video = fakeVideoInfo(size, frames);
      return { video, identity: 'pts', keyframes, tablePath, warnings: [] };
    },
    decode: async ({ folder, video, frames, output, signal }) => {
      signal.throwIfAborted();
      const frameBytes = bytesPerFrame(video.size, output);
      const path = join(folder, 'decoded.raw');
      await writeFile(path, Buffer.concat(frames.map(({ frame }) => paint(frame, frameBytes))));
      return { path, frameBytes, frames, skipped: [] };
    },
    decodeJpegs: async ({ path, count, size, folder, signal }) => {
      signal.throwIfAborted();
      const found = splitJpegs(await readFile(path));
      if (found.length < count) return undefined;
      const planes = join(folder, 'planes.raw');
      const frameBytes = 3 * size.width * size.height;
      const values = found.map((jpeg) => Buffer.alloc(frameBytes, jpeg[JPEG_START.length]));
      await writeFile(planes, Buffer.concat(values));
      return planes;
    },
    encode: async ({ path, size, count, folder, signal }) => {
      signal.throwIfAborted();
      const raw = await readFile(path);
      const frameBytes = raw.length / count;
      const isWhole = frameBytes === 1.5 * size.width * size.height;
      if (!isWhole) throw new AppError('DECODE_FAILED', `${path} has not ${count} frames.`);
      const jpegs = Array.from({ length: count }, (_, i) => {
        const value = raw.subarray(i * frameBytes, i * frameBytes + 1);
        return Buffer.concat([JPEG_START, value, JPEG_END]);
      });
      const encoded = join(folder, 'encoded.mjpeg');
      await writeFile(encoded, Buffer.concat(jpegs));
      return { path: encoded, lengths: jpegs.map(({ length }) => length) };
    },
  };
}

async function readFakeVideo(path: string): Promise<FakeVideo> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as FakeVideo;
  } catch (cause) {
    throw new AppError('BAD_VIDEO', `${path} is not a fake video.`, {}, { cause });
  }
}

function bytesPerFrame({ width, height }: Size, output: DecodeRequest['output']): number {
  return output.format === 'gbrp'
    ? 3 * output.size.width * output.size.height
    : 1.5 * width * height;
}

function splitJpegs(pack: Buffer): Buffer[] {
  const jpegs: Buffer[] = [];
  for (let start = pack.indexOf(JPEG_START); start >= 0;) {
    const next = pack.indexOf(JPEG_START, start + 1);
    jpegs.push(pack.subarray(start, next < 0 ? undefined : next));
    start = next;
  }
  return jpegs;
}

/** Properties of a fake video. */
export function fakeVideoInfo(size: Size = { width: 16, height: 16 }, frames = 1): VideoInfo {
  return {
    size,
    rotation: 0,
    sample_aspect_ratio: { num: 1, den: 1 },
    codec: 'fake',
    pixel_format: 'yuv420p',
    color_space: 'bt709',
    color_range: 'tv',
    container: 'fake',
    time_base: { num: 1, den: 1000 },
    frame_rate: { num: 1000, den: TICKS_PER_FRAME },
    start_time_s: 0,
    frame_count: frames,
    first_pts: 0,
    sound: [],
  };
}
