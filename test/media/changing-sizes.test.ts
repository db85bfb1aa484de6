import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createVideoTools } from '../../adapters/ffmpeg/video-tools.js';
import { readConfig } from '../../config/index.js';
import { sampledFrames } from '../../domain/video/frame-range.js';
import type { ProbedVideo, VideoTools } from '../../domain/ports/video-tools.js';
import { decodeAllRanges } from '../support/decode-all.js';
import { rotateMp4 } from '../support/clips.js';
import { encode, fillWith, filtered } from '../support/media-files.js';
import { makeNumberedClip, readNumber } from '../support/numbered-clip.js';

const { signal } = new AbortController();
/** Frames of each part; the parts show their numbers from 0. */
const PART_FRAMES = 60;
const PARTS = [
  { size: { width: 128, height: 64 }, pixels: 'yuv420p' },
  { size: { width: 64, height: 32 }, pixels: 'yuv420p' },
  { size: { width: 256, height: 128 }, pixels: 'yuv444p' },
];

let folder: string;
let tools: VideoTools;
let stream: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-changing-'));
  tools = await createVideoTools(readConfig({}).ffmpeg, folder);
  stream = await makeStream();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Writes parts of several sizes and formats into one file, in this order. */
async function makeStream(): Promise<string> {
  const paths = PARTS.map((_, i) => join(folder, `${i}.ts`));
  for (const [i, { size, pixels }] of PARTS.entries()) {
    const codec = ['-c:v', 'libx264', '-bf', '0', '-g', '25', '-pix_fmt', pixels];
    const offset = ['-output_ts_offset', String((i * PART_FRAMES) / 25)];
    await makeNumberedClip(paths[i]!, {
      size,
      frames: PART_FRAMES,
      options: [...codec, ...offset],
    });
  }
  const whole = join(folder, 'whole.ts');
  await fillWith(whole, paths);
  return whole;
}

const decodeAll = (path: string, probed: ProbedVideo) =>
  decodeAllRanges(tools, path, { probed, folder, signal });

/** Returns the number that each decoded frame shows, by its index. */
async function numbersOf(path: string): Promise<Record<number, number>> {
  const probed = await tools.probe({ source: path, folder, signal });
  const numbers: Record<number, number> = {};
  for (const { path: raw, frameBytes, frames, skipped } of await decodeAll(path, probed)) {
    expect(skipped).toEqual([]);
    const bytes = await readFile(raw);
    for (const [i, { frame }] of frames.entries()) {
      const plane = bytes.subarray(i * frameBytes, (i + 1) * frameBytes);
      numbers[frame] = readNumber(plane, probed.video);
    }
  }
  return numbers;
}

describe('a video whose frames change their size and format', () => {
  const truth = Object.fromEntries(
    PARTS.flatMap((_, part) =>
      sampledFrames(0, PART_FRAMES, 1).map((n) => [part * PART_FRAMES + n, n]),
    ),
  );

  it('decodes each frame of MPEG-TS', async () => {
    expect(await numbersOf(stream)).toEqual(truth);
  });

  it.each([0, 90, 180, 270])('decodes each frame of MP4 rotated by %i degrees', async (degrees) => {
    const path = join(folder, `${degrees}.mp4`);
    await encode(stream, path, ['-c', 'copy']);
    await rotateMp4(path, degrees);
    expect(await numbersOf(path)).toEqual(truth);
  });
});

describe('a video whose decoder returns frames twice', () => {
  it('yields each frame once or skips it', async () => {
    const path = join(folder, 'twice.mp4');
    const gap = "testsrc=s=64x48:r=25:d=0.4,settb=1/1000,setpts='N*40+36000000*gt(N,4)'";
    await filtered(path, gap, ['-fps_mode', 'passthrough', '-enc_time_base', '1:1000']);
    const probed = await tools.probe({ source: path, folder, signal });
    const decoded = await decodeAll(path, probed);
    const all = decoded.flatMap(({ frames, skipped }) => [...frames, ...skipped]);
    const ids = all.map(({ frame }) => frame).sort((a, b) => a - b);
    expect(ids).toEqual(sampledFrames(0, probed.video.frame_count, 1));
    expect(decoded.flatMap(({ frames }) => frames).length).toBeGreaterThan(4);
  });
});
