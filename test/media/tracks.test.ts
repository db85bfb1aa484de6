import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createVideoRenderer } from '../../adapters/ffmpeg/video-renderer.js';
import { createVideoTools } from '../../adapters/ffmpeg/video-tools.js';
import { readConfig } from '../../config/index.js';
import { countVideoTracks } from '../../domain/video/count-video-tracks.js';
import type { VideoRenderer } from '../../domain/ports/video-renderer.js';
import type { VideoTools } from '../../domain/ports/video-tools.js';
import { decodeAllRanges } from '../support/decode-all.js';
import { decodedPixels, framesFromStart } from '../support/exact-decoding.js';
import { QUIET } from '../support/media-files.js';

const { signal } = new AbortController();
const MAX_BYTES = 100 * 1024 ** 2;
const SMALL = { width: 64, height: 48 };
const LARGE = { width: 320, height: 240 };

let folder: string;
let tools: VideoTools;
let renderer: VideoRenderer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-tracks-'));
  const settings = readConfig({}).ffmpeg;
  tools = await createVideoTools(settings, folder);
  renderer = await createVideoRenderer(settings, folder, MAX_BYTES);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Makes a file of two tracks, the small one first. @param marked number of the default track. */
async function makeTracks(extension: string, marked: 0 | 1 | undefined): Promise<string> {
  const path = join(await mkdtemp(join(folder, 'file-')), `tracks.${extension}`);
  const source = ({ width, height }: typeof SMALL) => [
    ...['-f', 'lavfi', '-i', `testsrc2=s=${width}x${height}:r=25:d=2,format=yuv420p`],
  ];
  const flags = [0, 1].flatMap((track) => [
    ...[`-disposition:v:${track}`, track === marked ? 'default' : '0'],
  ]);
  const output = ['-map', '0', '-map', '1', '-c:v', 'libx264', ...flags, path];
  await execa('ffmpeg', [...QUIET, ...source(SMALL), ...source(LARGE), ...output]);
  return path;
}

/** Probes and decodes a track, and compares each frame with ffmpeg's decoding of it. */
async function expectTrack(source: string, number: number, track?: number) {
  const home = await mkdtemp(join(folder, 'part-'));
  const probed = await tools.probe({ source, folder: home, track, signal });
  const decoded = await decodeAllRanges(tools, source, { probed, folder: home, signal });
  expect(await decodedPixels(decoded)).toEqual(await framesFromStart(source, `0:v:${number}`));
  return { home, ...probed };
}

/** Counts the video tracks of a file as the page does. */
async function countTracks(path: string): Promise<number | undefined> {
  const file = await open(path);
  try {
    const read = async (position: number, length: number) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
      return buffer.subarray(0, bytesRead);
    };
    return await countVideoTracks(read, (await file.stat()).size);
  } finally {
    await file.close();
  }
}

describe.each(['mp4', 'mkv'])('a file with two video tracks (%s)', (extension) => {
  it('has two by its index', async () => {
    expect(await countTracks(await makeTracks(extension, 1))).toBe(2);
  });

  it('is processed by its default track, with a warning', async () => {
    const source = await makeTracks(extension, 1);
    const { video, warnings } = await expectTrack(source, 1);
    expect(video).toMatchObject({ size: LARGE, track: 1 });
    expect(warnings).toEqual([
      expect.stringMatching(/2 video tracks: 0 \(64x48.* Track 1 is used/),
    ]);
  });

  it('is processed by the requested track, without a warning', async () => {
    const source = await makeTracks(extension, 1);
    const { video, warnings } = await expectTrack(source, 0, 0);
    expect(video).toMatchObject({ size: SMALL, track: 0 });
    expect(warnings).toEqual([]);
  });

  it.each([0, 1])('is rendered with track %i', async (track) => {
    const source = await makeTracks(extension, 1);
    const { video, identity, home } = await expectTrack(source, track, track);
    const request = { source, folder: home, video, identity, maxBytes: MAX_BYTES, signal };
    const rendered = await renderer.render({ ...request, onFrames: () => undefined });
    const result = await tools.probe({ source: rendered, folder: home, signal });
    expect(result.video.size).toEqual(video.size);
  });
});

describe('a file whose tracks are not marked', () => {
  it('is processed by the first one of MPEG-TS', async () => {
    const { video } = await expectTrack(await makeTracks('ts', undefined), 0);
    expect(video).toMatchObject({ size: SMALL, track: 0 });
  });
});

describe('a file with one track', () => {
  it('has no track in its properties, and rejects another one by its list', async () => {
    const rendered = join(folder, 'one.mp4');
    const source = ['-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=25:d=1'];
    await execa('ffmpeg', [...QUIET, ...source, '-c:v', 'libx264', rendered]);
    const { video, warnings } = await tools.probe({ source: rendered, folder, signal });
    expect(video).not.toHaveProperty('track');
    expect(warnings).toEqual([]);
    const probing = tools.probe({ source: rendered, folder, track: 1, signal });
    await expect(probing).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('Choose one of: 0 (64x48, h264') as string,
    });
  });
});
