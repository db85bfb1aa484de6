import { describe, expect, it } from 'vitest';
import { accessUnit } from '../../test/support/access-units.js';
import type { AccessUnit } from './access-unit.js';
import { createUnitClock } from './unit-clock.js';

const START = Date.UTC(2026, 0, 11);
/** Units each 40 ms by the camera's clock, with a keyframe each second. */
function units(count: number, change: (i: number) => Partial<AccessUnit> = () => ({})) {
  return Array.from({ length: count }, (_, i) =>
    accessUnit(START + i * 40, { ts: 1000 + i * 3600, key: i % 25 === 0, ...change(i) }),
  );
}
const timesOf = (list: readonly AccessUnit[]) => list.map(createUnitClock());
const distances = (times: readonly number[]) => times.slice(1).map((ms, i) => ms - times[i]!);
const even = (count: number) => Array.from({ length: count }, () => 40);

describe('a clock of access units', () => {
  it('starts with the arrival of the first unit and keeps the distances of the camera', () => {
    const jitter = units(25, (i) => ({ arrival: START + i * 40 + (i % 5) * 30 }));
    const times = timesOf(jitter);
    expect(times[0]).toBe(START);
    expect(distances(times)).toEqual(even(24));
  });

  it('keeps distances while units wait on the way', () => {
    const late = units(75, (i) => ({ arrival: START + Math.max(i * 40, i < 60 ? 2400 : 0) }));
    const times = timesOf(late);
    for (const distance of distances(times)) expect(Math.abs(distance - 40)).toBeLessThan(3);
  });

  it('continues when the timestamp starts again at zero', () => {
    const wrapped = units(20, (i) => ({ ts: (2 ** 32 - 36_000 + i * 3600) % 2 ** 32 }));
    // Zero is the timestamp of a camera without one: its arrival is used.
    expect(distances(timesOf(wrapped)).map(Math.round)).toEqual(even(19));
  });

  it('has the order of display for frames that are sent out of order', () => {
    const display = [0, 3, 1, 2, 6, 4, 5];
    const list = display.map((at, i) =>
      accessUnit(START + i * 40, { ts: 9000 + at * 3600, key: i === 0 }),
    );
    expect(timesOf(list).map((ms) => (ms - START) / 40)).toEqual(display);
  });

  it.each([-7200, 3600])('follows the arrivals when the clock jumps by %d s', (jump) => {
    const list = units(100, (i) => ({ ts: (1e9 + i * 3600 + (i < 30 ? 0 : jump * 90_000)) >>> 0 }));
    expect(distances(timesOf(list)).map(Math.round)).toEqual(even(99));
  });

  it('follows the arrivals of a camera without timestamps', () => {
    const list = units(4, (i) => ({ ts: 0, arrival: START + i * i * 100 }));
    expect(timesOf(list)).toEqual([0, 100, 400, 900].map((ms) => START + ms));
  });

  it('follows a camera whose clock is a thousandth fast', () => {
    const hour = units(90_000, (i) => ({ ts: Math.round(1000 + i * 3603.6) >>> 0 }));
    const times = timesOf(hour);
    expect(Math.abs(times.at(-1)! - hour.at(-1)!.arrival)).toBeLessThan(50);
    expect(Math.min(...distances(times))).toBeGreaterThan(30);
  });

  it('never goes back over a keyframe', () => {
    const list = units(60, (i) => ({ ts: 1000 + (i < 50 ? i : i - 20) * 3600 }));
    const times = timesOf(list);
    expect(Math.min(...times.slice(50))).toBeGreaterThan(Math.max(...times.slice(0, 50)));
  });
});
