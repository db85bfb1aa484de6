import { describe, expect, it } from 'vitest';
import { collect } from '../../../test/support/collect.js';
import type { StoredObject } from '../detection.js';
import type { DiffFrame, DiffRow } from './diff-frames.js';
import type { DiffLine } from './diff-results.js';
import { drawReel, REEL_CAPTION_LINES } from './draw-reel.js';
import { listReelFrames } from './reel-frames.js';
import { SIDE_COLOUR } from './side-colours.js';

const object = (name: string, conf = 0.5): StoredObject => ({
  ...{ class: name, conf },
  box: [0, 0, 9, 9],
});
const frame = (number: number, fields: Partial<DiffFrame> = {}): DiffFrame => ({
  ...{ type: 'frame', frame: number, timestamp_ms: number * 40 },
  ...{ same: [], changed: [], vanished: [], appeared: [], ...fields },
});
const skip: DiffRow = {
  ...{ type: 'skipped', frame: 20, timestamp_ms: 800 },
  ...{ reason_a: 'damaged', reason_b: null },
};
const PAIR = { a: object('car'), b: object('car', 0.7), overlap: 1, conf_change: 0.2 };
const ROWS = [
  frame(0, { same: [PAIR] }),
  frame(5, { appeared: [object('dog')], same: [PAIR] }),
  frame(10, { vanished: [object('dog'), object('dog')] }),
  skip,
  frame(90, { changed: [{ a: object('car'), b: object('truck'), overlap: 1 }] }),
];
const model = { name: 'yolox_nano', version: 1, sha256: 'a'.repeat(64) };
const SIDES = {
  a: { event_id: 'e1', model, conf: 0.25 },
  b: { event_id: 'e2', model: { ...model, version: 2 }, conf: 0.3 },
};

async function* stream(rows: readonly DiffLine[]): AsyncGenerator<DiffLine> {
  for (const row of rows) yield await Promise.resolve(row);
}

describe('listReelFrames', () => {
  it('lists the frames that differ, not those that cannot be compared', async () => {
    expect(await listReelFrames(stream(ROWS))).toEqual([5, 10, 90]);
  });

  it('rejects results without a difference', async () => {
    const none = listReelFrames(stream([frame(0, { same: [PAIR] }), skip]));
    await expect(none).rejects.toMatchObject({ code: 'NO_DIFFERENCE' });
  });

  it('rejects more frames than a video may have, with their number', async () => {
    expect(await listReelFrames(stream(ROWS), 3)).toHaveLength(3);
    await expect(listReelFrames(stream(ROWS), 2)).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
      message: expect.stringMatching(/^3 frames differ, .* at most 2\./) as string,
    });
  });
});

describe('drawReel', () => {
  const drawings = () => collect(drawReel(stream(ROWS), SIDES));

  it('draws each frame that differs until the next one that does', async () => {
    const times = (await drawings()).map(({ fromMs, toMs }) => [fromMs, toMs]);
    expect(times).toEqual([
      [200, 400],
      [400, 3600],
      [3600, Infinity],
    ]);
  });

  it('labels what differs, A above and B below, and not what is the same', async () => {
    const [appeared, vanished, changed] = (await drawings()).map(({ boxes }) => boxes);
    expect(appeared).toMatchObject([
      { colour: SIDE_COLOUR.b, edge: 0.25 },
      { colour: SIDE_COLOUR.a, edge: 0.25 },
      { colour: SIDE_COLOUR.b, label: 'B dog 0.50', isLabelBelow: true },
    ]);
    expect(appeared!.slice(0, 2).every(({ label }) => label === undefined)).toBe(true);
    expect(vanished).toMatchObject([{ label: 'A dog 0.50' }, { colour: SIDE_COLOUR.a }]);
    expect(changed).toMatchObject([
      { label: 'B truck 0.50', isLabelBelow: true },
      { label: 'A car 0.50', edge: 0.5 },
    ]);
  });

  it('names both sides, the time, the frame and what differs', async () => {
    const captions = (await drawings()).map(({ caption = [] }) => caption);
    expect(captions[1]!.map(({ text }) => text)).toEqual([
      'A yolox_nano@1, confidence from 0.25, job e1',
      'B yolox_nano@2, confidence from 0.3, job e2',
      '00:00:00.400 frame 10: vanished: 2 dog',
    ]);
    expect(captions[2]!.at(-1)!.text).toBe('00:00:03.600 frame 90: car → truck');
    for (const caption of captions) {
      expect(caption.reduce((sum, { lines }) => sum + lines, 0)).toBe(REEL_CAPTION_LINES);
    }
  });
});
