import { describe, expect, it } from 'vitest';
import { createRandom } from './random.js';

const numbers = (seed: string, count = 1000) => {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => random.between(2, 5));
};

describe('random numbers', () => {
  it('are the same for the same seed and differ for another', () => {
    expect(numbers('a')).toEqual(numbers('a'));
    expect(numbers('a')).not.toEqual(numbers('b'));
  });

  it('fill their interval and stay in it', () => {
    const drawn = numbers('a');
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(2);
    expect(Math.min(...drawn)).toBeLessThan(2.1);
    expect(Math.max(...drawn)).toBeGreaterThan(4.9);
    expect(Math.max(...drawn)).toBeLessThan(5);
  });

  it('pick each of the choices', () => {
    const random = createRandom('a');
    const picked = Array.from({ length: 100 }, () => random.pick(['x', 'y', 'z']));
    expect(new Set(picked)).toEqual(new Set(['x', 'y', 'z']));
    expect(() => random.pick([])).toThrow('nothing to pick');
  });
});
