import { describe, expect, it } from 'vitest';
import { createUnitRate } from './unit-rate.js';

function push(rate: (atMs: number) => void, count: number, atMs: number): void {
  for (let index = 0; index < count; index++) rate(atMs);
}

describe('the rate of access units', () => {
  it('may reach four times the declared one over ten seconds', () => {
    const rate = createUnitRate(100);
    push(rate, 4000, 0);
    expect(() => rate(9999)).toThrow('sent more than 4000 frames within 10 s');
  });

  it('starts again after ten seconds', () => {
    const rate = createUnitRate(100);
    push(rate, 4000, 0);
    expect(() => push(rate, 4000, 10_000)).not.toThrow();
  });

  it('starts again when the clock is set back', () => {
    const rate = createUnitRate(100);
    push(rate, 4000, 100_000);
    expect(() => push(rate, 4000, 10_000)).not.toThrow();
  });

  it.each([undefined, 0, 1, 59])('is at least that of 60 frames per second: %s', (declared) => {
    const rate = createUnitRate(declared);
    push(rate, 2400, 0);
    expect(() => rate(0)).toThrow('2400');
  });

  it.each([241, 1e9, Infinity])('is at most that of 240 frames per second: %s', (declared) => {
    const rate = createUnitRate(declared);
    push(rate, 9600, 0);
    expect(() => rate(0)).toThrow('9600');
  });
});
