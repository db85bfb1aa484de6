import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createVideoTools } from '../../adapters/ffmpeg/video-tools.js';
import { readConfig } from '../../config/index.js';
import type { DecodeRequest, VideoTools } from '../../domain/ports/video-tools.js';
import { filtered } from '../support/media-files.js';

const { signal } = new AbortController();
const SIDE = 64;
const SIZE = { width: SIDE, height: SIDE };
/** Error of 8-bit limited-range 4:2:0 and a JPEG of quality 90 on a plain colour. */
const TOLERANCE = 6;

/** Each matrix in ffmpeg's words: of its scaler, and of the tag in the stream. */
const MATRICES = [
  ['bt601', 'smpte170m'],
  ['bt709', 'bt709'],
  ['smpte240m', 'smpte240m'],
  ['fcc', 'fcc'],
  ['bt2020', 'bt2020nc'],
] as const;
const RANGES = ['tv', 'pc'] as const;
/** Red, green and blue of each frame of a clip. */
const COLOURS = [
  [0, 255, 0],
  [255, 0, 0],
  [0, 0, 255],
  [192, 128, 64],
] as const;

let folder: string;
let tools: VideoTools;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-colours-'));
  tools = await createVideoTools(readConfig({}).ffmpeg, folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const CASES = MATRICES.flatMap(([matrix, tag]) => RANGES.map((range) => [matrix, tag, range]));

describe('the colours that the model receives', () => {
  it.each(CASES)('are those of a video in %s (%s), range %s', async (matrix, tag, range) => {
    const path = join(folder, `${tag}-${range}.mp4`);
    const convert = `scale=out_color_matrix=${matrix}:out_range=${range},format=yuv420p`;
    const tags = ['-colorspace', tag, '-color_range', range];
    await filtered(path, `${colourFrames()},format=gbrp,${convert}`, ['-qp', '1', ...tags]);
    const request = await requestFor(path);
    expectColours(await decodeDirectly(request));
    expectColours(await decodeStored(request));
  });
});

/** Source of libavfilter with one frame of each colour. */
function colourFrames(): string {
  const hex = (rgb: readonly number[]) => Buffer.from(rgb).toString('hex');
  const sources = COLOURS.map((rgb, i) => `color=0x${hex(rgb)}:s=${SIDE}x${SIDE}:r=5:d=0.2[c${i}]`);
  const inputs = COLOURS.map((_, i) => `[c${i}]`).join('');
  return `${sources.join(';')};${inputs}concat=n=${COLOURS.length},settb=1/5,setpts=N`;
}

async function requestFor(path: string): Promise<Omit<DecodeRequest, 'output'>> {
  const { video, identity, tablePath } = await tools.probe({
    source: path,
    folder: await makeFolder(),
    signal,
  });
  const table = await readFile(tablePath);
  const pts = COLOURS.map((_, i) => Number(table.readBigInt64LE(i * 8)));
  const frames = pts.map((each, frame) => ({ frame, pts: each }));
  const range = { seekPts: video.first_pts, frames, preprocess: false } as const;
  return { source: path, folder: await makeFolder(), video, identity, ...range, signal };
}

const makeFolder = () => mkdtemp(join(folder, 'part-'));

/** Decodes planes G, B, R, as with `frames: none`. */
async function decodeDirectly(request: Omit<DecodeRequest, 'output'>): Promise<Buffer> {
  const output = { format: 'gbrp', size: SIZE } as const;
  return readFile((await tools.decode({ ...request, output })).path);
}

/** Decodes planes G, B, R of frames that were stored as JPEG. */
async function decodeStored(request: Omit<DecodeRequest, 'output'>): Promise<Buffer> {
  const { path: raw } = await tools.decode({ ...request, output: { format: 'yuv420p' } });
  const frames = {
    path: raw,
    size: SIZE,
    count: COLOURS.length,
    preprocess: false,
    signal,
  } as const;
  const { path } = await tools.encode({ ...frames, folder: await makeFolder() });
  const decoding = { path, count: COLOURS.length, size: SIZE, folder: await makeFolder(), signal };
  return readFile((await tools.decodeJpegs(decoding))!);
}

/** Compares the middle of each frame of planes G, B, R. */
function expectColours(planes: Buffer): void {
  const plane = SIDE * SIDE;
  const middle = plane / 2 + SIDE / 2;
  for (const [i, rgb] of COLOURS.entries()) {
    const pixel = [2, 0, 1].map((channel) => planes[(3 * i + channel) * plane + middle]!);
    const errors = pixel.map((value, channel) => Math.abs(value - rgb[channel]!));
    expect(Math.max(...errors), `received ${pixel.join()} for ${rgb.join()}`).toBeLessThanOrEqual(
      TOLERANCE,
    );
  }
}
