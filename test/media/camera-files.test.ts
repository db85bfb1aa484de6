import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeBody } from '../../adapters/camera/body-frames.js';
import { probeBody } from '../../adapters/camera/probe-body.js';
import { decodeFile } from '../../adapters/camera/file-frames.js';
import { cameraLauncher } from '../support/camera-launcher.js';
import { collect } from '../support/collect.js';
import { encode } from '../support/media-files.js';
import { makeNumberedClip, readNumber } from '../support/numbered-clip.js';

const { signal } = new AbortController();
const NOON = Date.UTC(2026, 0, 11, 12);
const SIZE = { width: 160, height: 90 };
const OUTPUT = { fps: 2, size: SIZE, maxPixels: 8_294_400 };
/** 4 s at 25 frames per second: 8 slots, whose first frames have these numbers. */
const FIRST_IN_SLOTS = [0, 13, 25, 38, 50, 63, 75, 88];

let folder: string;
let launcher: string;
let clip: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-files-'));
  launcher = await cameraLauncher(folder);
  clip = join(folder, 'clip.mp4');
  const options = ['-c:v', 'libx264', '-bf', '0', '-f', 'mp4'];
  await makeNumberedClip(clip, { size: { width: 320, height: 180 }, frames: 100, options });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const numbersOf = (frames: readonly { readonly planes: Buffer }[]) =>
  frames.map(({ planes }) => readNumber(planes, { size: SIZE, rotation: 0 }));

describe('a file as a camera', () => {
  const settingsOf = (path: string) =>
    ({ launcher, path, pace: 'fast', loop: false, output: OUTPUT, now: () => NOON }) as const;

  it.each([
    ['MP4', 'mp4'],
    ['MKV', 'matroska'],
    ['AVI', 'avi'],
  ])('gives one frame per slot of an %s', async (_, format) => {
    const path = join(folder, `copy.${format}`);
    await encode(clip, path, ['-c', 'copy', '-f', format]);
    const frames = await collect(decodeFile(settingsOf(path), signal));
    expect(numbersOf(frames)).toEqual(FIRST_IN_SLOTS);
    expect(frames.map(({ arrival }) => Math.floor((arrival - NOON) / 500))).toEqual(
      FIRST_IN_SLOTS.map((_number, i) => i),
    );
  });

  it('takes as long as the video in real time', async () => {
    const start = performance.now();
    const settings = { ...settingsOf(clip), pace: 'realtime' } as const;
    expect(await collect(decodeFile(settings, signal))).toHaveLength(8);
    expect(performance.now() - start).toBeGreaterThan(3000);
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it('waits for a slow reader instead of dropping frames', async () => {
    const numbers: number[] = [];
    for await (const frame of decodeFile(settingsOf(clip), signal)) {
      await new Promise((done) => setTimeout(done, 50));
      numbers.push(...numbersOf([frame]));
    }
    expect(numbers).toEqual(FIRST_IN_SLOTS);
  });

  it.each([
    ['a playlist', 'hls'],
    ['an unsupported container', 'mpegts'],
  ])('rejects %s', async (_, format) => {
    const path = join(folder, `other-${format}.mp4`);
    const segments = format === 'hls' ? ['-hls_segment_filename', join(folder, 's%d.ts')] : [];
    await encode(clip, path, ['-c', 'copy', ...segments, '-f', format]);
    await expect(collect(decodeFile(settingsOf(path), signal))).rejects.toMatchObject({
      code: 'BAD_VIDEO',
    });
  });
});

describe('the body of an HTTP camera', () => {
  it('is rejected if its frames are too large, or it is not a video', async () => {
    const probe = async (data: string, maxPixels: number) => {
      const launcher = await cameraLauncher(folder, 'ffprobe');
      return probeBody({ launcher, maxPixels }, 'mov', createReadStream(data), signal);
    };
    await expect(probe(clip, 1000)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
    await expect(probe('/etc/passwd', 1e7)).rejects.toMatchObject({ code: 'STREAM_NO_VIDEO' });
  });

  it.each([
    ['mpegts', []],
    ['flv', []],
    ['mov', ['-movflags', 'frag_keyframe+empty_moov']],
  ] as const)('is decoded as %s', async (format, options) => {
    const path = join(folder, `body.${format}`);
    const muxer = format === 'mov' ? 'mp4' : format;
    await encode(clip, path, ['-c', 'copy', ...options, '-f', muxer]);
    const prober = { launcher: await cameraLauncher(folder, 'ffprobe'), maxPixels: 8_294_400 };
    const probed = await probeBody(prober, format, createReadStream(path), signal);
    expect(probed.size).toEqual({ width: 320, height: 180 });
    const before = Date.now();
    const settings = { launcher, format, output: { ...OUTPUT, fps: 1000 } };
    const frames = await collect(decodeBody(settings, probed.body, signal));
    // The bytes that were probed are decoded too.
    expect(numbersOf(frames)[0]).toBe(0);
    expect(frames[0]!.arrival).toBeGreaterThanOrEqual(before - 1);
    expect(frames.at(-1)!.arrival).toBeLessThanOrEqual(Date.now() + 1);
  });
});
