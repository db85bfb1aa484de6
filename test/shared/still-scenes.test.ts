import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareRows } from '../../bench/compare-rows.js';
import { STILL_THRESHOLD } from '../../domain/job/job-input.js';
import { planRanges } from '../../domain/video/plan.js';
import type { DetectionResult, FrameRow } from '../../domain/result/result.js';
import { renderSample } from '../../sample/render.js';
import { SIZE } from '../../sample/scene.js';
import { REAL_MODEL } from '../support/shared-settings.js';
import { connectSharedStack, type SharedConnection } from '../support/shared-stack.js';

/** Frames of the clip: the sample's, then its last one again and again. */
const MOVING = 100;
const ALL = 300;
const EVERY = 5;
const RUNS_FOR_MS = 120_000;

let stack: SharedConnection;
beforeAll(async () => {
  stack = await connectSharedStack();
  const path = join(stack.folder, 'sample.mp4');
  await renderSample({ path, ffmpegPath: stack.settings['VIDETTE_FFMPEG']! });
  const clip = join(stack.folder, 'still.mp4');
  const filters = `trim=end_frame=${MOVING},tpad=stop_mode=clone:stop=${ALL - MOVING}`;
  const quiet = ['-v', 'error', '-nostdin', '-y'];
  const encode = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '18', '-g', '60'];
  await execa('ffmpeg', [...quiet, '-i', path, '-vf', filters, ...encode, clip]);
  await stack.putVideo('still-scenes', clip);
});
afterAll(() => stack?.close());

/** First frames of the ranges: a short video is cut without regard to its keyframes. */
const starts = planRanges({ frameCount: ALL, keyframes: [], every: EVERY, size: SIZE }).ranges.map(
  ({ from }) => from,
);

/** The frame whose objects each row has, by the rows alone. */
function sourcesOf(rows: readonly FrameRow[]): number[] {
  let inferred = 0;
  return rows.map(({ frame, same_as }) => (inferred = same_as === undefined ? frame : inferred));
}

async function run(event_id: string, options: object): Promise<DetectionResult> {
  const outcome = await stack.run({
    video_id: 'still-scenes',
    event_id,
    every: EVERY,
    model: REAL_MODEL,
    ...options,
  });
  expect(outcome).toMatchObject({ status: 'ready', frames: ALL / EVERY, skipped: 0 });
  return stack.result(event_id);
}

describe.each(['packed', 'objects', 'none'] as const)('still scenes with frames %s', (frames) => {
  let result: DetectionResult;
  beforeAll(async () => {
    result = await run(`still-scenes-${frames}`, { frames, still: STILL_THRESHOLD });
  }, RUNS_FOR_MS);

  it('are inferred once in each range, and rows name the frame their objects come from', () => {
    const rows = result.frames;
    expect(rows.map(({ frame }) => frame)).toEqual(Array.from({ length: 60 }, (_, i) => 5 * i));
    const still = rows.filter(({ frame }) => frame > MOVING && !starts.includes(frame));
    expect(still.length).toBeGreaterThan(30);
    expect(still.filter(({ same_as }) => same_as === undefined)).toEqual([]);
    const sources = sourcesOf(rows);
    rows.forEach(({ same_as, objects }, i) => {
      if (same_as === undefined) return;
      expect(same_as).toBe(sources[i]);
      expect(objects).toEqual(rows.find(({ frame }) => frame === same_as)!.objects);
    });
  });

  it('begin again with each range, and moving frames are inferred', () => {
    const inferred = result.frames.filter(({ same_as }) => same_as === undefined);
    const places = inferred.map(({ frame }) => frame);
    expect(places).toEqual(expect.arrayContaining(starts));
    expect(places.filter((frame) => frame < MOVING).length).toBeGreaterThan(MOVING / EVERY / 2);
    expect(result.summary).toMatchObject({ frames: 60, inferred: inferred.length });
    expect(result.parameters).toMatchObject({ still: STILL_THRESHOLD });
  });

  it('have the objects of a run without the option', async () => {
    const full = await run(`still-scenes-full-${frames}`, { frames });
    expect(full.frames.filter((row) => 'same_as' in row)).toEqual([]);
    expect(full.parameters).toMatchObject({ still: false });
    expect(full.summary).not.toHaveProperty('inferred');
    const { objects, lost, added } = compareRows(full.frames, result.frames);
    expect(objects).toBeGreaterThan(100);
    expect((lost + added) / objects).toBeLessThan(0.02);
  });

  it('are stored in the predictions', async () => {
    const documents = await stack.predictions(`still-scenes-${frames}`);
    expect(documents.map(({ prediction }) => prediction)).toEqual(
      result.frames.map(({ frame, same_as, objects }) => ({
        frame,
        ...(same_as !== undefined && { same_as }),
        objects,
      })),
    );
  });

  it('have the same rows in a second run', async () => {
    const again = await run(`still-scenes-again-${frames}`, { frames, still: STILL_THRESHOLD });
    expect(again.frames).toEqual(result.frames);
  });
});

describe('a job with another threshold', () => {
  it('is another job', async () => {
    const same = {
      video_id: 'still-scenes',
      event_id: 'still-scenes-one',
      every: 25,
      frames: 'none',
    } as const;
    await stack.run({ ...same, still: 4 }, 'still-scenes-first');
    await expect(stack.run({ ...same, still: 5 }, 'still-scenes-second')).rejects.toMatchObject({
      cause: { type: 'EVENT_EXISTS' },
    });
  });
});
