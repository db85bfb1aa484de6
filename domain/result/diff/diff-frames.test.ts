import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collect } from '../../../test/support/collect.js';
import type { StoredObject } from '../detection.js';
import type { FrameRow, TimedSkip } from '../result.js';
import { createDiffCounter, type DiffCounts } from './diff-counts.js';
import { diffFrames, type DiffRow, type DiffThresholds } from './diff-frames.js';

type Frame = FrameRow | TimedSkip;

const ALL = { a: 0, b: 0 };
const car = (conf = 0.5, name = 'car'): StoredObject => ({
  ...{ class: name, conf },
  box: [0, 0, 10, 10],
});
const person = (conf = 0.5): StoredObject => ({ ...car(conf, 'person'), box: [50, 50, 60, 90] });
const row = (frame: number, ...objects: readonly StoredObject[]): FrameRow => ({
  ...{ frame, timestamp_ms: 40 * frame, objects },
});
const skip = (frame: number, reason: string): TimedSkip => ({
  ...{ frame, timestamp_ms: 40 * frame, reason },
});

async function* stream(frames: readonly Frame[]): AsyncGenerator<Frame> {
  for (const frame of frames) yield await Promise.resolve(frame);
}

const diff = (a: readonly Frame[], b: readonly Frame[], conf: DiffThresholds = ALL) =>
  collect(diffFrames(stream(a), stream(b), conf));

function countsOf(rows: readonly DiffRow[]): DiffCounts {
  const counter = createDiffCounter();
  rows.forEach(counter.add);
  return counter.counts();
}

describe('diffFrames', () => {
  it('compares the frames with the same number', async () => {
    const rows = await diff([row(0, car()), row(5, person())], [row(0, car()), row(5)]);
    expect(rows).toMatchObject([
      { type: 'frame', frame: 0, timestamp_ms: 0, same: [{}], vanished: [] },
      { type: 'frame', frame: 5, timestamp_ms: 200, same: [], vanished: [person()] },
    ]);
  });

  it('returns the reason of a frame that one result or both skipped or lack', async () => {
    const a = [row(0), skip(5, 'damaged'), skip(10, 'damaged'), row(15)];
    const b = [row(0), row(5, car()), skip(10, 'model failed')];
    expect((await diff(a, b)).slice(1)).toEqual([
      { type: 'skipped', frame: 5, timestamp_ms: 200, reason_a: 'damaged', reason_b: null },
      {
        type: 'skipped',
        frame: 10,
        timestamp_ms: 400,
        reason_a: 'damaged',
        reason_b: 'model failed',
      },
      {
        ...{ type: 'skipped', frame: 15, timestamp_ms: 600, reason_a: null },
        reason_b: expect.stringMatching(/^not processed/) as string,
      },
    ]);
  });

  it('compares only objects with the confidence of their side', async () => {
    const [both] = await diff([row(0, car(0.4))], [row(0, car(0.4))], { a: 0.4, b: 0.5 });
    expect(both).toMatchObject({ same: [], vanished: [car(0.4)], appeared: [] });
  });

  it('closes both series when its reader leaves', async () => {
    const closed: string[] = [];
    const watched = async function* (name: string) {
      try {
        yield* stream([row(0), row(5)]);
      } finally {
        closed.push(name);
      }
    };
    for await (const _ of diffFrames(watched('a'), watched('b'), ALL)) break;
    expect(closed.sort()).toEqual(['a', 'b']);
  });
});

describe('createDiffCounter', () => {
  it('counts frames, objects and changes of confidence by class', async () => {
    const a = [row(0, car(0.5), person(0.9)), row(5, car(0.5)), row(10, car()), skip(15, 'x')];
    const b = [
      row(0, car(0.7), person(0.8)),
      row(5, car(0.9, 'truck')),
      row(10, person()),
      row(15),
    ];
    expect(countsOf(await diff(a, b))).toEqual({
      ...{ frames: 3, frames_different: 2, frames_skipped: 1 },
      ...{ same: 2, changed: 1, vanished: 1, appeared: 1, conf_change: 0.05 },
      by_class: {
        car: {
          same: 1,
          changed_from: 1,
          changed_to: 0,
          vanished: 1,
          appeared: 0,
          conf_change: 0.2,
        },
        person: {
          ...{ same: 1, changed_from: 0, changed_to: 0, vanished: 0, appeared: 1 },
          conf_change: -0.1,
        },
        truck: {
          ...{ same: 0, changed_from: 0, changed_to: 1, vanished: 0, appeared: 0 },
          conf_change: null,
        },
      },
    });
  });

  it('counts a class with any name', async () => {
    const { by_class } = countsOf(await diff([row(0, car(0.5, '__proto__'))], [row(0)]));
    expect(Object.entries(by_class)).toMatchObject([['__proto__', { vanished: 1 }]]);
  });
});

const dataFolder = process.env['VIDETTE_TEST_DATA'];

/** Reads detections of a clip that another implementation has computed. */
async function readReference(name: string): Promise<readonly FrameRow[]> {
  const text = await readFile(join(dataFolder!, 'expected', `${name}.json`), 'utf8');
  const frames = JSON.parse(text) as readonly Pick<FrameRow, 'frame' | 'objects'>[];
  return frames.map(({ frame, objects }) => row(frame, ...objects));
}

describe.skipIf(!dataFolder)('the diff of reference detections', () => {
  const CLIP = 'one-by-one-person-detection';

  it('of a clip with itself has the same objects only', async () => {
    const frames = await readReference(`${CLIP}.raw`);
    const objects = frames.flatMap((frame) => frame.objects).length;
    expect(objects).toBeGreaterThan(400);
    expect(countsOf(await diff(frames, structuredClone(frames)))).toMatchObject({
      ...{ same: objects, changed: 0, vanished: 0, appeared: 0 },
      ...{ frames_different: 0, conf_change: 0 },
    });
  });

  it('with and without preprocessing has the measured counts', async () => {
    const [a, b] = [
      await readReference(`${CLIP}.raw`),
      await readReference(`${CLIP}.preprocessed`),
    ];
    expect(countsOf(await diff(a, b))).toMatchObject({
      ...{ same: 388, changed: 1, vanished: 25, appeared: 109, frames_different: 115 },
    });
  });
});
