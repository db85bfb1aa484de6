import { beforeEach, describe, expect, it } from 'vitest';
import {
  createFreezeWatch,
  FREEZE_MS,
  type FreezeWatch,
  type SourceMotion,
} from './freeze-watch.js';

const GOP_MS = 2000;
const flat = (value: number) => Buffer.alloc(12, value);

describe('a freeze watch', () => {
  let watch: FreezeWatch;
  beforeEach(() => {
    watch = createFreezeWatch();
  });

  /** Adds frames of one value, two per second, and returns the last answer. */
  function show(value: number, fromMs: number, toMs: number, gopMs = GOP_MS): SourceMotion {
    let motion: SourceMotion = 'moving';
    for (let now = fromMs; now <= toMs; now += 500) {
      motion = watch.frame(now, flat(value), Math.floor(now / gopMs));
    }
    return motion;
  }

  it.each<[ms: number, motion: SourceMotion]>([
    [0, 'moving'],
    [FREEZE_MS - 500, 'moving'],
    [FREEZE_MS, 'frozen'],
    [FREEZE_MS + 3000, 'frozen'],
  ])('calls a camera that repeats a frame for %d ms %s', (ms, motion) => {
    expect(show(7, 0, ms)).toBe(motion);
  });

  it('does not call a camera frozen that sends no keyframes', () => {
    expect(show(7, 0, 60_000, 50_000)).toBe('moving');
    expect(show(7, 60_500, 100_000, 50_000)).toBe('frozen');
  });

  it('starts again when one value of a frame changes', () => {
    show(7, 0, FREEZE_MS - 500);
    const changed = flat(7);
    changed[11] = 8;
    expect(watch.frame(FREEZE_MS, changed, 15)).toBe('moving');
    expect(show(7, FREEZE_MS + 500, 2 * FREEZE_MS)).toBe('moving');
  });

  it('calls a source still that shows the same frame after a new connection', () => {
    expect(show(7, 0, FREEZE_MS)).toBe('frozen');
    watch.reconnected();
    expect(show(7, 32_000, 32_000)).toBe('still_source');
    expect(show(7, 32_500, 300_000)).toBe('still_source');
  });

  it('calls a source moving that shows another frame after a new connection', () => {
    show(7, 0, FREEZE_MS);
    watch.reconnected();
    expect(show(8, 32_000, 40_000)).toBe('moving');
    expect(show(8, 40_500, 62_000)).toBe('frozen');
  });

  it('notices that a still source moves again and freezes again', () => {
    show(7, 0, FREEZE_MS);
    watch.reconnected();
    show(7, 32_000, 40_000);
    expect(show(8, 40_500, 60_000)).toBe('moving');
    expect(show(8, 60_500, 70_500)).toBe('frozen');
  });

  it('ignores a new connection of a camera that is not frozen', () => {
    show(7, 0, 10_000);
    watch.reconnected();
    expect(show(7, 10_500, FREEZE_MS)).toBe('frozen');
  });
});
