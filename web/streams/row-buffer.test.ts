import { describe, expect, it } from 'vitest';
import { createRowBuffer } from './row-buffer.js';

const START = Date.UTC(2026, 0, 11, 12);
const row = (frame_number: number, ms: number) => ({
  ...{ scenario_uuid: 'a', frame_number, detections: [] },
  timestamp: new Date(START + ms).toISOString(),
});

function bufferOf(...times: readonly number[]) {
  const buffer = createRowBuffer();
  for (const [index, ms] of times.entries()) buffer.add(row(index + 1, ms));
  return (ms: number) => buffer.at(START + ms)?.frame_number;
}

describe('the row of an instant', () => {
  it.each([
    [-21, undefined],
    [-20, 1],
    [0, 1],
    [479, 1],
    [480, 2],
    [2000, 2],
    [2001, undefined],
  ])('at %d ms is %s', (ms, number) => expect(bufferOf(0, 500)(ms)).toBe(number));

  it('stays for two intervals if rows are rare', () => {
    const at = bufferOf(0, 10_000);
    expect(at(30_000)).toBe(2);
    expect(at(30_001)).toBeUndefined();
  });
});

it('keeps the rows of the last minute', () => {
  const buffer = createRowBuffer();
  for (const [index, ms] of [0, 1, 60_001].entries()) buffer.add(row(index + 1, ms));
  expect(buffer.list().map(({ frame_number }) => frame_number)).toEqual([3]);
});
