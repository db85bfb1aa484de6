import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VideoInfo } from '../domain/video/video.js';
import { findSpan } from './find-span.js';

/** Frames at 0, 40, 80, 200 and 240 ms of a video whose container starts at 1 s. */
const PTS = [1000n, 1040n, 1080n, 1200n, 1240n];
const TIMES = { time_base: { num: 1, den: 1000 }, start_time_s: 1, frame_count: PTS.length };
const video = TIMES as VideoInfo; // what the search reads

describe('findSpan', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vidette-span-'));
    const table = Buffer.alloc(PTS.length * 8);
    PTS.forEach((pts, frame) => table.writeBigInt64LE(pts, frame * 8));
    await writeFile(join(folder, 'pts.bin'), table);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const find = (span: { from_ms?: number; to_ms?: number; every?: number }) =>
    findSpan({ video, tablePath: join(folder, 'pts.bin') }, { every: 1, ...span });

  it.each<[{ from_ms?: number; to_ms?: number }, from: number, to: number]>([
    [{}, 0, 5],
    [{ from_ms: 0 }, 0, 5],
    [{ from_ms: 40 }, 1, 5],
    [{ from_ms: 40.001 }, 2, 5],
    [{ from_ms: 81, to_ms: 240 }, 3, 4],
    [{ to_ms: 240.001 }, 0, 5],
    [{ to_ms: 1e9 }, 0, 5],
  ])('finds the frames of %j', async (span, from, to) => {
    expect(await find(span)).toEqual({ from, to });
  });

  it.each([{ from_ms: 90, to_ms: 200 }, { from_ms: 241 }, { from_ms: 10, to_ms: 100, every: 3 }])(
    'rejects %j, which holds no sampled frame',
    async (span) => {
      await expect(find(span)).rejects.toThrow(/the frames of the video are at 0 ms to 240 ms/);
    },
  );
});
