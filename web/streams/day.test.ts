import { describe, expect, it } from 'vitest';
import { dayOf, describeDay, runsOf, sumDay } from './day.js';
import { testStream } from '../../test/support/test-stream.js';

const START = Date.UTC(2026, 0, 11, 12);
const MINUTE = 60_000;
const at = (minute: number) => new Date(START + minute * MINUTE).toISOString();
const part = (minute: number, seen_s: number, gaps = {}) => ({ from: at(minute), seen_s, gaps });
const live = testStream({ state: 'live' });

describe('dayOf', () => {
  it('is the day of an instant in local time', () => {
    const { from, to } = dayOf(START);
    expect(new Date(from).getHours()).toBe(0);
    expect(new Date(to).getHours()).toBe(0);
    expect(from).toBeLessThanOrEqual(START);
    expect(to).toBeGreaterThan(START);
  });
});

describe('runsOf', () => {
  it('joins parts that look the same', () => {
    const parts = [part(0, 60), part(1, 60), part(3, 60)];
    const runs = runsOf({ parts, step_s: 60 }, live, START + 9 * MINUTE);
    expect(runs.map(({ from, to }) => [from, to])).toEqual([
      [START, START + 2 * MINUTE],
      [START + 3 * MINUTE, START + 4 * MINUTE],
    ]);
    expect(runs[0]).toMatchObject({ seen: 1, tone: 'seen', text: 'seen' });
  });

  it.each([
    [60, {}, 1],
    [59, { paused: 1 }, 0.75],
    [30, { paused: 30 }, 0.5],
    [1, { paused: 59 }, 0],
    [0, { paused: 60 }, 0],
  ])('shows %d s seen and %j as the share %d', (seen_s, gaps, seen) => {
    const parts = [part(0, seen_s, gaps)];
    expect(runsOf({ parts, step_s: 60 }, live, START + MINUTE)).toMatchObject([{ seen }]);
  });

  it('takes the tone of the longest gap, and names all', () => {
    const parts = [part(0, 20, { overload: 10, camera_refused: 30 })];
    expect(runsOf({ parts, step_s: 60 }, live, START + MINUTE)).toMatchObject([
      { tone: 'camera', text: 'seen, login refused, machine overloaded' },
    ]);
  });

  it('shows the state of a camera from the end of its log until now', () => {
    const away = testStream({ state: 'unreachable', since: at(0.5) });
    const runs = runsOf({ parts: [part(0, 60)], step_s: 60 }, away, START + 4 * MINUTE);
    expect(runs.at(-1)).toMatchObject({
      ...{ from: START + MINUTE, to: START + 4 * MINUTE, seen: 0, tone: 'camera' },
    });
  });

  it('ends a part of this moment now', () => {
    const [run] = runsOf({ parts: [part(0, 20)], step_s: 60 }, live, START + 20_000);
    expect(run?.to).toBe(START + 20_000);
  });
});

it('sums the day, the longest gap first', () => {
  const parts = [part(0, 30, { paused: 30 }), part(1, 0, { paused: 20, overload: 40 })];
  const sums = sumDay({ parts: [...parts, part(2, 0, { overload: 60 })] });
  expect(sums).toEqual({
    ...{ seenS: 30 },
    gaps: [
      ['overload', 100],
      ['paused', 50],
    ],
  });
  expect(describeDay(sums)).toBe('Today: seen 30 s, machine overloaded 1 min 40 s, paused 50 s');
});
