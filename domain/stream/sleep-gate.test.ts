import { describe, expect, it } from 'vitest';
import { accessUnit, accessUnits } from '../../test/support/access-units.js';
import type { AccessUnit } from './access-unit.js';
import { createSleepGate, SETTLE_MS } from './sleep-gate.js';

const arrivals = (units: readonly AccessUnit[]) => units.map(({ arrival }) => arrival);

/** Units every 500 ms with a keyframe every 2 s, from `fromMs` on. */
const camera = (fromMs: number, count: number) =>
  accessUnits(count, { startMs: fromMs, intervalMs: 500, gop: 4 });

/** A gate that is asleep since the keyframe at {@link SETTLE_MS}. */
function sleepingGate(options = {}) {
  const gate = createSleepGate(options);
  for (const unit of camera(0, 20)) {
    gate.unit(unit);
    gate.compared(unit.arrival, true);
  }
  gate.unit(accessUnit(SETTLE_MS, { key: true }));
  gate.compared(SETTLE_MS, true);
  return gate;
}

describe('a gate that is awake', () => {
  it('passes every unit', () => {
    const gate = createSleepGate();
    const units = camera(0, 20);
    expect(units.flatMap((unit) => gate.unit(unit))).toEqual(units);
    expect(gate.isAsleep()).toBe(false);
  });

  it('falls asleep at a keyframe after the scene was still long enough', () => {
    const gate = createSleepGate();
    gate.compared(400, true);
    for (const unit of camera(8000, 5)) gate.unit(unit);
    expect(gate.isAsleep()).toBe(false);
    expect(arrivals(gate.unit(accessUnit(10_500)))).toEqual([10_500]);
    expect(gate.isAsleep()).toBe(false);
    expect(arrivals(gate.unit(accessUnit(12_000, { key: true })))).toEqual([12_000]);
    expect(gate.isAsleep()).toBe(true);
  });

  it.each([
    [SETTLE_MS - 1, false],
    [SETTLE_MS, true],
  ])('compares %d ms of stillness with its limit', (ms, isAsleep) => {
    const gate = createSleepGate();
    gate.compared(0, true);
    gate.unit(accessUnit(ms, { key: true }));
    expect(gate.isAsleep()).toBe(isAsleep);
  });

  it('stays awake when the scene changed in between', () => {
    const gate = createSleepGate();
    gate.compared(0, true);
    expect(gate.compared(6000, false)).toEqual([]);
    gate.compared(6500, true);
    gate.unit(accessUnit(SETTLE_MS, { key: true }));
    expect(gate.isAsleep()).toBe(false);
  });
});

describe('a gate that is asleep', () => {
  it('passes keyframes only', () => {
    const gate = sleepingGate();
    const passed = camera(12_000, 12).flatMap((unit) => gate.unit(unit));
    expect(arrivals(passed)).toEqual([12_000, 14_000, 16_000]);
  });

  it('replays everything since the last still keyframe when a keyframe differs', () => {
    const gate = sleepingGate();
    for (const unit of camera(10_500, 3).map((each) => ({ ...each, key: false }))) gate.unit(unit);
    for (const unit of camera(12_000, 3)) gate.unit(unit);
    expect(arrivals(gate.compared(12_000, false))).toEqual([
      10_000, 10_500, 11_000, 11_500, 12_000, 12_500, 13_000,
    ]);
    expect(gate.isAsleep()).toBe(false);
    expect(arrivals(gate.unit(accessUnit(13_500)))).toEqual([13_500]);
  });

  it('forgets what precedes a keyframe that is still', () => {
    const gate = sleepingGate();
    for (const unit of camera(12_000, 6)) gate.unit(unit);
    expect(gate.compared(12_000, true)).toEqual([]);
    expect(arrivals(gate.compared(14_000, false))).toEqual([
      12_000, 12_500, 13_000, 13_500, 14_000, 14_500,
    ]);
  });

  it('keeps all units of keyframes that are not compared yet', () => {
    const gate = sleepingGate();
    for (const unit of camera(12_000, 12)) gate.unit(unit);
    gate.compared(12_000, true);
    expect(arrivals(gate.compared(14_000, false))[0]).toBe(12_000);
  });

  it('replays nothing twice', () => {
    const gate = sleepingGate();
    for (const unit of camera(12_000, 5)) gate.unit(unit);
    expect(gate.compared(12_000, false)).not.toEqual([]);
    expect(gate.compared(14_000, false)).toEqual([]);
  });

  it('wakes when too many bytes wait', () => {
    const gate = sleepingGate({ maxBytes: 250 });
    const data = Buffer.alloc(100);
    expect(gate.unit(accessUnit(12_000, { data }))).toEqual([]);
    expect(gate.unit(accessUnit(12_500, { data }))).toEqual([]);
    expect(arrivals(gate.unit(accessUnit(13_000, { data })))).toEqual([
      10_000, 12_000, 12_500, 13_000,
    ]);
    expect(gate.isAsleep()).toBe(false);
  });

  it('has to settle again after it woke', () => {
    const gate = sleepingGate();
    gate.compared(12_000, false);
    gate.compared(12_500, true);
    gate.unit(accessUnit(14_000, { key: true }));
    expect(gate.isAsleep()).toBe(false);
    gate.unit(accessUnit(12_500 + SETTLE_MS, { key: true }));
    expect(gate.isAsleep()).toBe(true);
  });

  it('wakes without a replay for a new decoder', () => {
    const gate = sleepingGate();
    gate.unit(accessUnit(12_000, { key: true }));
    gate.reset();
    expect(gate.isAsleep()).toBe(false);
    expect(gate.compared(12_000, false)).toEqual([]);
  });
});
