import { describe, expect, it } from 'vitest';
import { createFrameIndex } from './frame-index.js';

const cat = { class: 'cat', box: [0, 0, 1, 1], conf: 0.5 } as const;
const row = (frame: number, timestamp_ms: number) => ({ frame, timestamp_ms, objects: [cat] });

function indexOf(...rows: Parameters<ReturnType<typeof createFrameIndex>['add']>[0][]) {
  const index = createFrameIndex();
  for (const one of rows) index.add(one);
  return index;
}

describe('createFrameIndex', () => {
  const index = indexOf(row(5, 200), row(0, 0), row(10, 400.5));
  it.each([
    ['nothing before the first frame', -5, undefined],
    ['the first frame at its time', 0, 0],
    ['a frame just before the next one', 198, 0],
    ['the next frame despite rounding by the player', 199.2, 5],
    ['the last sampled frame in one that was not sampled', 360, 5],
    ['a frame with a fractional timestamp', 400, 10],
    ['the last frame after the end', 9000, 10],
  ])('finds %s', (_, ms, frame) => expect(index.at(ms)?.frame).toBe(frame));

  it('starts empty', () => {
    const empty = createFrameIndex();
    expect(empty.entries()).toEqual([]);
    expect(empty.at(0)).toBeUndefined();
  });

  it('keeps the time of a skipped frame that has one', () => {
    const skip = { frame: 5, timestamp_ms: 210, reason: 'damaged' };
    const entry = { frame: 5, timestampMs: 210, objects: [], reason: 'damaged' };
    expect(indexOf(row(0, 0), row(10, 400), skip).at(300)).toEqual(entry);
  });

  it('returns no objects during a skipped frame', () => {
    const skipping = indexOf(row(0, 0), row(10, 400), { frame: 5, reason: 'damaged' });
    expect(skipping.at(240)).toEqual({
      frame: 5,
      timestampMs: 200,
      objects: [],
      reason: 'damaged',
    });
    expect(skipping.at(199.9)?.frame).toBe(5);
    expect(skipping.at(190)?.frame).toBe(0);
  });

  it('accepts rows after a lookup', () => {
    const growing = indexOf(row(0, 0));
    expect(growing.at(500)?.frame).toBe(0);
    growing.add(row(10, 400));
    expect(growing.at(500)?.frame).toBe(10);
    growing.add(row(5, 200));
    expect(growing.at(250)?.frame).toBe(5);
    growing.add(row(7, 280));
    expect(growing.at(290)?.frame).toBe(7);
    growing.add({ frame: 15, reason: 'damaged' });
    expect(growing.at(600)?.reason).toBe('damaged');
  });
});
