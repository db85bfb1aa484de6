import { describe, expect, it } from 'vitest';
import { coresUsed, parseCpuTime } from './cpu-time.js';
import { findLoad } from './quiet.js';

const machine = { cpu: 'any', cores: 2, usable_cores: 2 };

describe('parseCpuTime', () => {
  it('counts waiting for input and output as idle, and guests once', () => {
    const text = 'cpu  100 20 30 400 50 6 7 8 9 10\ncpu0 1 2 3 4 5 6 7 8 9 10\n';
    expect(parseCpuTime(text)).toEqual({ busy: 163, steal: 8, total: 621 });
  });
});

describe('coresUsed', () => {
  const before = { busy: 100, steal: 10, total: 1000 };

  it('divides the time of all cores', () => {
    const after = { busy: 150, steal: 20, total: 1200 };
    expect(coresUsed(before, after, 2)).toEqual({ busy: 0.5, steal: 0.1 });
  });

  it('is zero between equal readings', () => {
    expect(coresUsed(before, before, 2)).toEqual({ busy: 0, steal: 0 });
  });
});

describe('findLoad', () => {
  it('accepts a quiet machine', () => {
    expect(findLoad({ busy: 0.1, steal: 0.04 }, machine)).toBeUndefined();
  });

  it.each([
    [{ busy: 0.11, steal: 0 }, 'other work uses 5.5 % of its CPU time (limit 5.0 %)'],
    [{ busy: 0, steal: 0.05 }, 'other virtual machines take 2.5 % of its CPU time (limit 2.0 %)'],
  ])('names what makes it busy: %o', (use, expected) => {
    expect(findLoad(use, machine)).toBe(expected);
  });

  it('names both', () => {
    expect(findLoad({ busy: 2, steal: 1 }, machine)).toContain(', and other virtual machines');
  });
});
