import { describe, expect, it } from 'vitest';
import { createDecoderWatch, DECODER_STUCK_MS } from './decoder-watch.js';

const LATE = DECODER_STUCK_MS + 1;

describe('a decoder watch', () => {
  it('expects no frame of a decoder that received nothing', () => {
    expect(createDecoderWatch().isStuck(3_600_000)).toBe(false);
  });

  it.each([
    [DECODER_STUCK_MS, false],
    [LATE, true],
  ])('reports %d ms without the first frame: %s', (ms, isStuck) => {
    const watch = createDecoderWatch();
    for (let now = 0; now <= ms; now += 40) watch.unit(now, Math.floor(now / 500));
    expect(watch.isStuck(ms)).toBe(isStuck);
  });

  it('expects no second frame of a slot', () => {
    const watch = createDecoderWatch();
    watch.unit(0, 10);
    watch.frame(20, 10);
    for (let now = 40; now < 60_000; now += 40) watch.unit(now, 10);
    expect(watch.isStuck(60_000)).toBe(false);
    watch.unit(60_000, 11);
    expect([watch.isStuck(60_000 + DECODER_STUCK_MS), watch.isStuck(60_000 + LATE)]).toEqual([
      false,
      true,
    ]);
  });

  it('measures from the last frame while the decoder is behind', () => {
    const watch = createDecoderWatch();
    watch.unit(0, 10);
    watch.unit(500, 11);
    watch.frame(4000, 10);
    expect(watch.isStuck(4000 + DECODER_STUCK_MS)).toBe(false);
    expect(watch.isStuck(4000 + LATE)).toBe(true);
    watch.frame(4000 + LATE, 11);
    expect(watch.isStuck(3_600_000)).toBe(false);
  });

  it('follows units that are replayed', () => {
    const watch = createDecoderWatch();
    watch.unit(0, 14);
    watch.frame(10, 14);
    watch.unit(20, 10);
    watch.frame(30, 10);
    watch.unit(40, 11);
    expect(watch.isStuck(40 + LATE)).toBe(true);
  });
});
