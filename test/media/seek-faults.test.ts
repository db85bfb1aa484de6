import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createVideoTools } from '../../adapters/ffmpeg/video-tools.js';
import { readConfig } from '../../config/index.js';
import type { VideoTools } from '../../domain/ports/video-tools.js';
import { decodeAllRanges } from '../support/decode-all.js';
import { decodedPixels, framesFromStart } from '../support/exact-decoding.js';
import { filtered } from '../support/media-files.js';

const { signal } = new AbortController();
const RECOVERY = /recovery point/;

let folder: string;
let tools: VideoTools;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-seeks-'));
  tools = await createVideoTools(readConfig({}).ffmpeg, folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Decodes all ranges and compares each frame with ffmpeg's decoding from the start. */
async function expectExact(path: string): Promise<readonly string[]> {
  const home = await mkdtemp(join(folder, 'file-'));
  const probed = await tools.probe({ source: path, folder: home, signal });
  const decoded = await decodeAllRanges(tools, path, { probed, folder: home, signal });
  expect(decoded.flatMap(({ skipped }) => skipped)).toEqual([]);
  const truth = await framesFromStart(path);
  expect(probed.video.frame_count).toBe(truth.size);
  expect(await decodedPixels(decoded)).toEqual(truth);
  return probed.warnings;
}

const x264 = (...params: string[]) => ['-c:v', 'libx264', '-x264-params', params.join(':')];
const refresh = (keyint: number) => x264('intra-refresh=1', `keyint=${keyint}`, 'bframes=0');
const sourceOf = (seconds: number) => `testsrc2=s=160x120:r=30:d=${seconds},format=yuv420p`;
/** Duration of a frame in units of the time base that ffmpeg gives to MP4. */
const FRAME_UNITS = 512;

describe('a video whose keyframes are only recovery points', () => {
  it.each([
    ['a keyint of 60 in MP4', refresh(60), 'mp4'],
    ['a keyint of 30 in MPEG-TS', refresh(30), 'mpegts'],
    ['a keyint of 90 in Matroska', refresh(90), 'matroska'],
    ['B-frames', x264('intra-refresh=1', 'keyint=60', 'bframes=2'), 'mp4'],
  ])('is decoded as from the start, with a warning: %s', async (name, options, format) => {
    const path = join(folder, `${name.replaceAll(' ', '-')}.${format}`);
    await filtered(path, sourceOf(24), [...options, '-f', format]);
    expect(await expectExact(path)).toContainEqual(expect.stringMatching(RECOVERY));
  });

  it.each([
    ['closed GOPs', x264('keyint=60', 'bframes=3')],
    ['open GOPs', x264('open-gop=1', 'keyint=60', 'bframes=3')],
    ['HEVC', ['-c:v', 'libx265', '-x265-params', 'keyint=60:open-gop=1:log-level=none']],
    ['MPEG-2', ['-c:v', 'mpeg2video', '-bf', '2', '-g', '15']],
  ])('is not confused with %s', async (name, options) => {
    const path = join(folder, `${name.replaceAll(' ', '-')}.mp4`);
    await filtered(path, sourceOf(16), options);
    expect(await expectExact(path)).toEqual([]);
  });
});

describe('a video whose edit list begins after its first keyframe', () => {
  it.each([1, 2, 4])('loses none of the frames after the first %i', async (hidden) => {
    const path = join(folder, `hidden-${hidden}.mp4`);
    await filtered(path, sourceOf(4), x264('keyint=3', 'bframes=2', 'open-gop=1', 'b-adapt=0'));
    await startLater(path, hidden * FRAME_UNITS);
    expect(await expectExact(path)).toEqual([]);
  });
});

/** Moves the start of the only edit of an MP4 file: frames before it are decoded and not shown. */
async function startLater(path: string, units: number): Promise<void> {
  const file = await readFile(path);
  // ISO/IEC 14496-12, 8.6.6: version and flags, number of edits, duration, media time.
  const mediaTime = file.indexOf('elst') + 16;
  file.writeInt32BE(file.readInt32BE(mediaTime) + units, mediaTime);
  await writeFile(path, file);
}
