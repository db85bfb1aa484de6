import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
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

describe('the arrival of a row', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** Times in ms at which the waits for instants have ended, while rows arrive at other times. */
  async function waits(instants: readonly number[], arrivals: Readonly<Record<number, number>>) {
    const buffer = createRowBuffer();
    const ended = instants.map(() => -1);
    instants.forEach((instant, index) => {
      void buffer.arrived(START + instant).then(() => (ended[index] = now));
    });
    let now = 0;
    for (; now <= 1100; now += 100) {
      const ms = arrivals[now];
      if (ms !== undefined) buffer.add(row(now, ms));
      await vi.advanceTimersByTimeAsync(0);
      await vi.advanceTimersByTimeAsync(100);
    }
    return ended;
  }

  it('ends the wait for it and for earlier ones, within the tolerance', async () => {
    expect(await waits([0, 500, 520, 521], { 200: 500 })).toEqual([200, 200, 200, 900]);
  });

  it('is not awaited if it is there, or for longer than a second', async () => {
    const buffer = createRowBuffer();
    buffer.add(row(1, 500));
    await buffer.arrived(START + 500);
    expect(await waits([0], {})).toEqual([900]);
  });
});

it('shows a row that is not stored yet until it is, and does not list it', () => {
  const buffer = createRowBuffer();
  buffer.preview(row(1, 0));
  buffer.preview(row(2, 500));
  expect(buffer.at(START + 500)?.frame_number).toBe(2);
  expect(buffer.list()).toEqual([]);
  const stored = { ...row(2, 500), detections: [] };
  buffer.add(row(1, 0));
  expect(buffer.at(START + 400)?.frame_number).toBe(1);
  expect(buffer.at(START + 500)?.frame_number).toBe(2);
  buffer.add(stored);
  expect(buffer.at(START + 500)).toBe(stored);
});
