import { describe, expect, it } from 'vitest';
import { createOverloadWatch, OVERLOAD_MS } from './overload-watch.js';

/** Drops units in an interval from 0 to `toMs`. */
function dropping(toMs: number, intervalMs: number) {
  const watch = createOverloadWatch();
  for (let now = 0; now <= toMs; now += intervalMs) watch.drop(now);
  return watch;
}

describe('an overload watch', () => {
  it('is not overloaded before anything was dropped', () => {
    expect(createOverloadWatch().isOverloaded(OVERLOAD_MS)).toBe(false);
  });

  it.each([
    [0, false],
    [OVERLOAD_MS - 2000, false],
    [OVERLOAD_MS, true],
    [10 * OVERLOAD_MS, true],
  ])('after %d ms of dropped units: %s', (ms, isOverloaded) => {
    expect(dropping(ms, 2000).isOverloaded(ms)).toBe(isOverloaded);
  });

  it('counts drops of a camera with a long keyframe interval as one overload', () => {
    expect(dropping(OVERLOAD_MS, 30_000).isOverloaded(OVERLOAD_MS)).toBe(true);
  });

  it('counts bursts that are far from each other separately', () => {
    expect(dropping(10 * OVERLOAD_MS, 30_001).isOverloaded(10 * OVERLOAD_MS)).toBe(false);
  });

  it('recovers 30 s after the last drop', () => {
    const watch = dropping(OVERLOAD_MS, 2000);
    expect(watch.isOverloaded(OVERLOAD_MS + 30_000)).toBe(true);
    expect(watch.isOverloaded(OVERLOAD_MS + 30_001)).toBe(false);
    watch.drop(OVERLOAD_MS + 40_000);
    expect(watch.isOverloaded(OVERLOAD_MS + 40_000)).toBe(false);
  });
});
