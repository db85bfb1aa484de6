import { describe, expect, it } from 'vitest';
import { experimentOf } from '../../test/support/experiments.js';
import { assignArm, assignmentKeyOf, hashKey, placeOf } from './assignment.js';

const BINS = 100;
/** Quantile of .999 of the chi-squared distribution with 99 degrees of freedom. */
const CHI_SQUARED_LIMIT = 148.2;
const KEYS = Array.from({ length: 200_000 }, (_, i) => `user-${i}`);
const FEW_KEYS = KEYS.slice(0, 30_000);

describe('the place of a key', () => {
  const places = KEYS.map((key) => placeOf('experiment-a', key));

  it('is uniform over 200,000 keys', () => {
    const counts = Array<number>(BINS).fill(0);
    for (const place of places) counts[Math.floor(place * BINS)]! += 1;
    const expected = KEYS.length / BINS;
    const chiSquared = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(chiSquared).toBeLessThan(CHI_SQUARED_LIMIT);
  });

  it('in one experiment does not depend on that in another', () => {
    const products = FEW_KEYS.map(
      (key, i) => (places[i]! - 0.5) * (placeOf('experiment-b', key) - 0.5) * 12,
    );
    const correlation = products.reduce((sum, each) => sum + each, 0) / FEW_KEYS.length;
    // Four standard errors of the correlation of independent values.
    expect(Math.abs(correlation)).toBeLessThan(4 / Math.sqrt(FEW_KEYS.length));
  });

  it('is the first 32 bits of the SHA-256 of experiment and key', () => {
    // printf 'experiment-a\0user-0' | sha256sum
    expect(placeOf('experiment-a', 'user-0') * 2 ** 32).toBe(0x793e8824);
  });
});

describe('the arm of a key', () => {
  it('is the challenger for its share of the keys', () => {
    const experiment = experimentOf('split', { share: 0.1 });
    const challenger = FEW_KEYS.filter((key) => assignArm(experiment, key) === 'challenger');
    expect(challenger.length / FEW_KEYS.length).toBeCloseTo(0.1, 2);
  });

  it('moves to the challenger only as its share is raised', () => {
    const shares = [0, 0.1, 0.3, 1];
    const arms = shares.map((share) =>
      FEW_KEYS.map((key) => assignArm(experimentOf('split', { share }), key)),
    );
    const movedBack = arms
      .slice(1)
      .flatMap((next, i) =>
        next.filter((arm, key) => arm === 'champion' && arms[i]![key] === 'challenger'),
      );
    expect(movedBack).toEqual([]);
    expect(new Set(arms[0])).toEqual(new Set(['champion']));
    expect(new Set(arms[3])).toEqual(new Set(['challenger']));
  });
});

describe('the key of a request', () => {
  const facts = { subject: 'x', apiKey: 'x', image: 'x' };

  it.each([
    ['header', facts, 'subject\0x'],
    ['header', { apiKey: 'x', image: 'x' }, 'api-key\0x'],
    ['api-key', facts, 'api-key\0x'],
    ['api-key', { subject: 'x', image: 'x' }, 'image\0x'],
    ['image', facts, 'image\0x'],
  ] as const)('for %s is the next one that it has', (kind, given, key) => {
    expect(assignmentKeyOf(given, kind)).toBe(key);
  });

  it('is stored as a hash that differs between experiments', () => {
    expect(hashKey('a', 'subject\0anna')).toMatch(/^[0-9a-f]{64}$/);
    expect(hashKey('a', 'subject\0anna')).not.toBe(hashKey('b', 'subject\0anna'));
  });
});
