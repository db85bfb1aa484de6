import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accessUnit, accessUnits } from '../../test/support/access-units.js';
import { createUnitQueue, type DroppedUnits } from './unit-queue.js';

function queueOf({ maxLagMs = 1000, maxBytes = 2 ** 20 } = {}) {
  const dropped: DroppedUnits[] = [];
  const limit = { ms: maxLagMs };
  const queue = createUnitQueue({
    ...{ maxLagMs: () => limit.ms, maxBytes },
    onDrop: (each) => dropped.push(each),
  });
  const take = (now: number) => {
    const unit = queue.next(now);
    if (unit) queue.release();
    return unit?.arrival;
  };
  return { queue, dropped, take, limit };
}

describe('a queue of access units', () => {
  it('gives units in their order', () => {
    const { queue, dropped, take } = queueOf();
    for (const unit of accessUnits(3)) queue.push(unit);
    expect([take(80), take(80), take(80), take(80)]).toEqual([0, 40, 80, undefined]);
    expect(dropped).toEqual([]);
  });

  it('starts at a keyframe', () => {
    const { queue, dropped, take } = queueOf();
    for (const unit of accessUnits(6, { gop: 4 }).slice(1)) queue.push(unit);
    expect([take(200), take(200), take(200)]).toEqual([160, 200, undefined]);
    expect(dropped).toEqual([]);
  });

  it('has at most one unit in flight', () => {
    const { queue } = queueOf();
    for (const unit of accessUnits(2)) queue.push(unit);
    expect(queue.next(40)?.arrival).toBe(0);
    expect(queue.next(40)).toBeUndefined();
    queue.release();
    expect(queue.next(40)?.arrival).toBe(40);
  });

  it('continues at the newest keyframe when the oldest unit is too old', () => {
    const { queue, dropped, take } = queueOf();
    for (const unit of accessUnits(26, { gop: 10 })) queue.push(unit);
    expect(take(1000)).toBe(0);
    expect(take(1041)).toBe(800);
    expect(dropped).toEqual([{ count: 19, fromMs: 40, toMs: 760 }]);
  });

  it.each([
    [1000, []],
    [1001, [{ count: 2, fromMs: 40, toMs: 80 }]],
  ])('compares an age of %d ms with the limit of 1000', (age, expected) => {
    const { queue, dropped, take } = queueOf();
    for (const unit of accessUnits(3)) queue.push(unit);
    take(80);
    take(40 + age);
    expect(dropped).toEqual(expected);
  });

  it('applies a changed limit to the units that are queued', () => {
    const { queue, take, limit } = queueOf();
    for (const unit of accessUnits(26, { gop: 10 })) queue.push(unit);
    limit.ms = 2000;
    expect(take(1100)).toBe(0);
    limit.ms = 500;
    expect(take(1100)).toBe(800);
  });

  it('drops everything and waits for a keyframe when none is queued', () => {
    const { queue, take } = queueOf();
    for (const unit of accessUnits(3)) queue.push(unit);
    expect(take(80)).toBe(0);
    expect(take(5000)).toBeUndefined();
    queue.push(accessUnit(5040));
    expect(take(5040)).toBeUndefined();
    queue.push(accessUnit(5080, { key: true }));
    expect(take(5080)).toBe(5080);
  });

  it('decodes from the newest keyframe even if that is too old itself', () => {
    const { queue, dropped, take } = queueOf();
    for (const unit of accessUnits(3)) queue.push(unit);
    expect([take(9000), dropped]).toEqual([0, []]);
  });

  it('is cut while it is filled, also when the decoder takes nothing', () => {
    const { queue, dropped } = queueOf();
    for (const unit of accessUnits(10_000)) queue.push(unit);
    const count = dropped.reduce((sum, each) => sum + each.count, 0);
    expect(count).toBeGreaterThan(9_900);
  });

  it('never holds more than its limit of bytes', () => {
    const { queue, dropped, take } = queueOf({ maxBytes: 250 });
    const data = Buffer.alloc(100);
    queue.push(accessUnit(0, { key: true, data }));
    queue.push(accessUnit(1, { data }));
    queue.push(accessUnit(2, { data }));
    expect(dropped).toEqual([{ count: 3, fromMs: 0, toMs: 2 }]);
    queue.push(accessUnit(3, { key: true, data }));
    expect(take(3)).toBe(3);
  });

  it('measures the age of replayed units from their replay', () => {
    const { queue, dropped, take } = queueOf();
    for (const unit of accessUnits(3)) queue.push(unit, 60_000);
    expect([take(60_500), take(60_500), take(60_500)]).toEqual([0, 40, 80]);
    expect(dropped).toEqual([]);
  });

  it('reports the age of its oldest unit', () => {
    const { queue } = queueOf();
    expect(queue.lagMs(99)).toBe(0);
    queue.push(accessUnit(100, { key: true }));
    expect([queue.lagMs(90), queue.lagMs(350)]).toEqual([0, 250]);
  });

  it('waits for a keyframe, with nothing in flight, after it was cleared', () => {
    const { queue } = queueOf();
    for (const unit of accessUnits(2)) queue.push(unit);
    queue.next(40);
    queue.clear();
    queue.push(accessUnit(80));
    expect(queue.next(80)).toBeUndefined();
    queue.push(accessUnit(120, { key: true }));
    expect(queue.next(120)?.arrival).toBe(120);
  });
});

describe('any sequence of pushes and reads', () => {
  const steps = fc.array(fc.record({ ms: fc.nat(400), key: fc.boolean(), reads: fc.nat(3) }));

  it('keeps the order, decodes only what follows a keyframe, and counts every drop', () => {
    fc.assert(
      fc.property(steps, (script) => {
        const { queue, dropped, take } = queueOf();
        const pushed: number[] = [];
        const read: number[] = [];
        const keys = new Set<number>();
        let now = 0;
        for (const { ms, key, reads } of script) {
          now += ms + 1;
          pushed.push(now);
          if (key) keys.add(now);
          queue.push(accessUnit(now, { key }));
          for (let i = 0; i < reads; i++) {
            const arrival = take(now);
            if (arrival !== undefined) read.push(arrival);
          }
        }
        expect(read).toEqual([...read].sort((a, b) => a - b));
        // A unit that does not continue the one read before it is a keyframe.
        read.forEach((arrival, i) => {
          const isNext = pushed.indexOf(arrival) === pushed.indexOf(read[i - 1] ?? NaN) + 1;
          expect(keys.has(arrival) || (i > 0 && isNext)).toBe(true);
        });
        const lost = new Set(
          dropped.flatMap(({ fromMs, toMs }) => pushed.filter((at) => at >= fromMs && at <= toMs)),
        );
        expect(dropped.reduce((sum, { count }) => sum + count, 0)).toBe(lost.size);
        expect(read.filter((arrival) => lost.has(arrival))).toEqual([]);
      }),
    );
  });

  it('reads nothing older than the limit, except from the newest keyframe on', () => {
    fc.assert(
      fc.property(steps, (script) => {
        const { queue, take } = queueOf();
        let now = 0;
        let newestKey = 0;
        for (const { ms, key, reads } of script) {
          now += ms + 1;
          if (key) newestKey = now;
          queue.push(accessUnit(now, { key }));
          for (let i = 0; i < reads; i++) {
            const arrival = take(now);
            if (arrival !== undefined && now - arrival > 1000) {
              expect(arrival).toBe(newestKey);
            }
          }
        }
      }),
    );
  });
});
