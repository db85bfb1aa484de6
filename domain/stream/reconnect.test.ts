import { describe, expect, it } from 'vitest';
import type { GapReason } from './gap.js';
import { reconnectDelay } from './reconnect.js';

const MINUTE = 60_000;

/** Instants of the attempts to reach a camera in ms, with a given jitter. */
function attemptsWithin(reason: GapReason, ms: number, random: number): number[] {
  const attempts = [0];
  while (attempts.at(-1)! < ms) {
    const failures = { reason, count: attempts.length, awayMs: attempts.at(-1)! };
    attempts.push(attempts.at(-1)! + reconnectDelay(failures, random));
  }
  return attempts;
}

describe.each([0, 0.5, 1])('the delay before a connection, with jitter %d', (random) => {
  const delaysOf = (attempts: number[]) => attempts.slice(1).map((at, i) => at - attempts[i]!);

  it('is at most a second during the first minute', () => {
    const delays = delaysOf(attemptsWithin('camera_unreachable', MINUTE, random));
    expect(Math.max(...delays)).toBeLessThanOrEqual(1000);
    expect(delays[0]).toBeLessThanOrEqual(600);
  });

  it('grows to at most 30 s', () => {
    const delays = delaysOf(attemptsWithin('camera_closed', 60 * MINUTE, random));
    expect(delays.slice(1).toSorted((a, b) => a - b)).toEqual(delays.slice(1));
    expect(delays.at(-1)).toBeGreaterThanOrEqual(20_000);
    expect(delays.at(-1)).toBeLessThanOrEqual(30_000);
    expect(delays.length).toBeLessThan(400);
  });

  it('doubles from a minute to a quarter of an hour after rejected credentials', () => {
    const attempts = attemptsWithin('camera_refused', 120 * MINUTE, random);
    const delays = delaysOf(attempts).map((ms) => ms / MINUTE / (0.8 + 0.4 * random));
    expect(delays.slice(0, 6).map((delay) => Number(delay.toFixed(3)))).toEqual([
      ...[1, 2, 4, 8, 15, 15],
    ]);
  });
});

it('spreads connections at random by default', () => {
  const failures = { reason: 'camera_silent', count: 1, awayMs: 0 } as const;
  const delays = Array.from({ length: 50 }, () => reconnectDelay(failures));
  expect(new Set(delays).size).toBeGreaterThan(5);
  expect(delays.every((ms) => ms >= 400 && ms <= 600)).toBe(true);
});
