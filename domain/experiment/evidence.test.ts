import { describe, expect, it } from 'vitest';
import { createUniform } from '../../bench/uniform.js';
import { accuracyInterval, logSplitEvidence } from './confidence-sequence.js';
import { logFactorial } from './log-factorial.js';
import { logPairEvidence } from './pair-evidence.js';
import { checkSampleRatio } from './sample-ratio.js';

const LIMIT = Math.log(20);

describe('the logarithm of a factorial', () => {
  it('is the sum of logarithms', () => {
    let sum = 0;
    for (let n = 1; n <= 2000; n++) {
      sum += Math.log(n);
      expect(Math.abs(logFactorial(n) - sum)).toBeLessThan(1e-10 * Math.max(1, sum));
    }
    expect(logFactorial(0)).toBe(0);
  });
});

describe('the evidence of pairs', () => {
  it.each([
    [0, 0, 1],
    [1, 0, 1],
    [1, 1, 2 / 3],
    [5, 0, 32 / 6],
    [0, 8, 256 / 9],
    [7, 3, 1024 / (120 * 11)],
  ])('of %d wins and %d losses is %d to 1', (wins, losses, ratio) => {
    expect(Math.exp(logPairEvidence({ wins, losses }))).toBeCloseTo(ratio, 10);
  });

  it('decides at most 5 % of 1,000 experiments of equal models, looked at after each pair', () => {
    const random = createUniform(1234567);
    const decided = countOf(1000, () => {
      const pairs = { wins: 0, losses: 0 };
      for (let i = 0; i < 300; i++) {
        pairs[random() < 0.5 ? 'wins' : 'losses'] += 1;
        if (logPairEvidence(pairs) >= LIMIT) return true;
      }
      return false;
    });
    expect(decided).toBeLessThanOrEqual(50);
    expect(decided).toBeGreaterThan(0);
  });

  it('decides for a challenger that wins 80 % of the pairs, in most experiments of 60 pairs', () => {
    const random = createUniform(2234567);
    const decided = countOf(200, () => {
      const pairs = { wins: 0, losses: 0 };
      for (let i = 0; i < 60; i++) pairs[random() < 0.8 ? 'wins' : 'losses'] += 1;
      return logPairEvidence(pairs) >= LIMIT && pairs.wins > pairs.losses;
    });
    expect(decided).toBeGreaterThan(180);
  });
});

describe('the interval of an accuracy', () => {
  it('is wider than one that may be looked at once', () => {
    const { low, high } = accuracyInterval({ labelled: 1000, right: 900 });
    // The ends solve the equation of the mixture; Wilson's interval of 97.5 % is .877 to .919.
    expect(low).toBeCloseTo(0.859, 2);
    expect(high).toBeCloseTo(0.933, 2);
  });

  it.each([
    [0, 0, 0, 1],
    [50, 50, 0.8, 1],
    [50, 0, 0, 0.2],
  ])('of %d images with %d right is within %d and %d', (labelled, right, low, high) => {
    const interval = accuracyInterval({ labelled, right });
    expect(interval.low).toBeGreaterThanOrEqual(low);
    expect(interval.high).toBeLessThanOrEqual(high);
    if (right === labelled) expect(interval.high).toBe(1);
    if (right === 0) expect(interval.low).toBe(0);
  });
});

describe('the evidence of a split', () => {
  it('reaches 20 to 1 exactly when the intervals part', () => {
    const random = createUniform(3234567);
    let parted = 0;
    for (let i = 0; i < 500; i++) {
      const [labelled, other] = [random(), random()].map((share) => Math.ceil(900 * share));
      const a = { labelled: labelled!, right: Math.floor(labelled! * random()) };
      const b = { labelled: other!, right: Math.floor(other! * random()) };
      const [x, y] = [accuracyInterval(a), accuracyInterval(b)];
      const isParted = x.high < y.low || y.high < x.low;
      parted += Number(isParted);
      expect(logSplitEvidence(a, b) >= LIMIT).toBe(isParted);
    }
    expect(parted).toBeGreaterThan(100);
    expect(parted).toBeLessThan(490);
  });

  it('decides at most 5 % of 200 experiments of equal models', () => {
    const random = createUniform(4234567);
    const decided = countOf(200, () => {
      const [a, b] = [
        { labelled: 0, right: 0 },
        { labelled: 0, right: 0 },
      ];
      for (let i = 0; i < 400; i++) {
        for (const arm of [a, b]) {
          arm.labelled += 1;
          arm.right += Number(random() < 0.9);
        }
        if (i % 10 === 9 && logSplitEvidence(a, b) >= LIMIT) return true;
      }
      return false;
    });
    expect(decided).toBeLessThanOrEqual(10);
  });

  it('decides between .90 and .95 of 5,000 labelled images each', () => {
    const evidence = logSplitEvidence(
      { labelled: 5000, right: 4500 },
      { labelled: 5000, right: 4750 },
    );
    expect(evidence).toBeGreaterThan(LIMIT);
  });
});

describe('the sample ratio', () => {
  it.each([
    [5000, 5000, 0.5, true],
    [5100, 4900, 0.5, true],
    [5200, 4800, 0.5, false],
    [9000, 1000, 0.1, true],
    [9000, 1100, 0.1, true],
    [9000, 1200, 0.1, false],
    [10, 0, 0, true],
    [10, 1, 0, false],
    [0, 3, 1, true],
  ])(
    'of %d and %d keys at a share of %d is plausible: %s',
    (champion, challenger, share, expected) => {
      const check = checkSampleRatio({ champion, challenger }, share);
      expect(check).toEqual({
        keys: { champion, challenger },
        expected: share,
        plausible: expected,
      });
    },
  );
});

function countOf(times: number, run: () => boolean): number {
  let count = 0;
  for (let i = 0; i < times; i++) count += Number(run());
  return count;
}
