import { describe, expect, it } from 'vitest';
import { accessUnit, accessUnits } from '../../test/support/access-units.js';
import { createUnitRing } from './unit-ring.js';

/** A ring after units every 100 ms with a keyframe each second. */
function ringAfter(count: number, beforeMs = 0) {
  const ring = createUnitRing({ beforeMs });
  for (const unit of accessUnits(count, { intervalMs: 100, gop: 10 })) ring.push(unit);
  return ring;
}
const span = (units: readonly { readonly arrival: number }[]) => [
  units[0]?.arrival,
  units.at(-1)?.arrival,
  units.length,
];

describe('a ring of access units', () => {
  it('has the units from the newest keyframe on', () => {
    expect(span(ringAfter(25).lastGop())).toEqual([2000, 2400, 5]);
    expect(span(ringAfter(21).lastGop())).toEqual([2000, 2000, 1]);
    expect(ringAfter(0).lastGop()).toEqual([]);
  });

  it.each([
    [0, 2000],
    [400, 2000],
    [401, 1000],
    [1400, 1000],
    [1401, 0],
    [60_000, 0],
  ])('keeps %d ms before the newest unit, from a keyframe on', (beforeMs, start) => {
    const [first, last] = span(ringAfter(25, beforeMs).from(0));
    expect([first, last]).toEqual([start, 2400]);
  });

  it.each([
    [-1, 0],
    [0, 0],
    [999, 0],
    [1000, 1000],
    [1999, 1000],
    [9999, 2000],
  ])('starts a clip from %d ms at the keyframe at %d ms', (ms, start) => {
    expect(ringAfter(25, 60_000).from(ms)[0]?.arrival).toBe(start);
  });

  it('ignores units before the first keyframe', () => {
    const ring = createUnitRing({ beforeMs: 5000 });
    ring.push(accessUnit(0));
    ring.push(accessUnit(40, { key: true }));
    expect(span(ring.from(0))).toEqual([40, 40, 1]);
  });

  it('drops whole groups above its limit of bytes, even the only one', () => {
    const ring = createUnitRing({ beforeMs: 60_000, maxBytes: 250 });
    const data = Buffer.alloc(100);
    ring.push(accessUnit(0, { key: true, data }));
    ring.push(accessUnit(1, { key: true, data }));
    ring.push(accessUnit(2, { data }));
    expect(span(ring.from(0))).toEqual([1, 2, 2]);
    ring.push(accessUnit(3, { data }));
    expect(ring.from(0)).toEqual([]);
    ring.push(accessUnit(4, { data }));
    expect(ring.from(0)).toEqual([]);
    ring.push(accessUnit(5, { key: true, data }));
    expect(span(ring.lastGop())).toEqual([5, 5, 1]);
  });

  it('keeps more and less after its time was changed', () => {
    const ring = ringAfter(25, 60_000);
    ring.keep(0);
    ring.push(accessUnit(2500));
    expect(span(ring.from(0))).toEqual([2000, 2500, 6]);
    ring.keep(1000);
    ring.push(accessUnit(3000, { key: true }));
    expect(span(ring.from(0))).toEqual([2000, 3000, 7]);
  });

  it('is empty after it was cleared', () => {
    const ring = ringAfter(25, 60_000);
    ring.clear();
    expect(ring.from(0)).toEqual([]);
    ring.push(accessUnit(2500));
    expect(ring.lastGop()).toEqual([]);
  });
});
