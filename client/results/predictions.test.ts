import { describe, expect, it } from 'vitest';
import { framesOf } from './predictions.js';

const row = (frame: number) => ({ frame, timestamp_ms: 40 * frame, objects: [] });
const gap = (frame: number) => ({ frame, reason: 'decode error' });

describe('the frames of a part', () => {
  it.each([
    ['none', [], [], []],
    ['rows only', [row(0), row(5)], [], [0, 5]],
    ['skipped frames only', [], [gap(5), gap(10)], [5, 10]],
    ['a skipped frame between rows', [row(0), row(10)], [gap(5)], [0, 5, 10]],
    ['numbers, not texts', [row(5), row(100)], [gap(20)], [5, 20, 100]],
  ])('are in order: %s', (_, rows, skipped, expected) => {
    expect(framesOf({ rows, skipped }).map(({ frame }) => frame)).toEqual(expected);
  });
});
