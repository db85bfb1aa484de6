import { describe, expect, it } from 'vitest';
import { createCameraClock } from './camera-clock.js';

/** Clocks of a machine, which a test sets. */
function setUp(notBefore = 0) {
  const time = { wall: 1_000_000, monotonic: 500, boot: 9000 };
  const clocks = {
    wall: () => time.wall,
    monotonic: () => time.monotonic,
    boot: () => time.boot,
  };
  const clock = createCameraClock(notBefore, clocks);
  const pass = (ms: number) => {
    time.wall += ms;
    time.monotonic += ms;
    time.boot += ms;
  };
  return { time, clock, pass };
}

describe('the clock of a camera', () => {
  it('follows a clock of the system that is corrected slowly', () => {
    const { time, clock, pass } = setUp();
    time.wall += 12;
    const seen = [0, 0, 0].map(() => {
      pass(1000);
      expect(clock.tick()).toBeUndefined();
      return clock.now();
    });
    expect(seen).toEqual([1_001_005, 1_002_010, 1_003_012]);
  });

  it('jumps when the clock of the system is set forward', () => {
    const { time, clock, pass } = setUp();
    pass(1000);
    time.wall += 60_000;
    expect(clock.tick()).toEqual({ fromMs: 1_001_000, toMs: 1_061_000, reason: 'clock_changed' });
    expect(clock.now()).toBe(1_061_000);
    pass(1000);
    expect(clock.tick()).toBeUndefined();
  });

  it('reports a machine that was suspended', () => {
    const { time, clock, pass } = setUp();
    pass(1000);
    time.wall += 60_000;
    time.boot += 60_000;
    expect(clock.tick()).toMatchObject({ reason: 'host_suspended' });
  });

  it('never falls when the clock of the system is set back', () => {
    const { time, clock, pass } = setUp();
    time.wall -= 3_600_000;
    pass(1000);
    expect(clock.tick()).toBeUndefined();
    expect(clock.now()).toBe(1_000_995);
  });

  it('starts at the end of the log if that is ahead of the clock of the system', () => {
    expect(setUp(5_000_000).clock.now()).toBe(5_000_000);
    // The rest of a slot does not count.
    expect(setUp(1_000_400).clock.now()).toBe(1_000_000);
  });
});
