import { describe, expect, it } from 'vitest';
import { type Comparison, gateSchema, judge } from './gate.js';

const gate = gateSchema.parse({});
const score = (cat: number, dog: number, images = 50) => ({
  value: (cat + dog) / 2,
  calibration_error: 0.1,
  classes: { cat: { images, value: cat }, dog: { images, value: dog } },
  ms_per_image: 10,
});
const comparison = (changes: Partial<Comparison> = {}): Comparison => ({
  images: 100,
  champion: score(0.9, 0.6),
  challenger: score(0.9, 0.9),
  difference: { value: 0.15, low: 0.05, high: 0.25 },
  ...changes,
});

describe('the gate', () => {
  it('passes a better challenger', () => {
    expect(judge(comparison(), gate)).toEqual({ gate: 'pass', reasons: [] });
  });

  it('fails a challenger that lost a class although its mean rose', () => {
    const verdict = judge(comparison({ challenger: score(0.7, 1) }), gate);
    expect(verdict.gate).toBe('fail');
    expect(verdict.reasons).toEqual([
      'The class "cat" fell from 90.0 % to 70.0 % of 50 images; the limit is 5.0 % (class_margin).',
    ]);
  });

  it('fails a challenger that does not know a class of the champion', () => {
    const { classes, ...scores } = score(0.9, 1);
    const challenger = { ...scores, classes: { dog: classes.dog } };
    expect(judge(comparison({ challenger }), gate).gate).toBe('fail');
  });

  it('ignores a class with few test images', () => {
    const few = { champion: score(0.9, 0.6, 19), challenger: score(0.5, 1, 19) };
    expect(judge(comparison(few), gate).gate).toBe('pass');
  });

  it('fails a challenger whose interval reaches below the margin', () => {
    const difference = { value: 0, low: -0.01, high: 0.01 };
    expect(judge(comparison({ difference }), gate).gate).toBe('fail');
    expect(judge(comparison({ difference }), { ...gate, margin: 0.02 }).gate).toBe('pass');
  });

  it('fails a challenger that takes more than 1.5 times as long', () => {
    const slow = (ms: number) => ({ challenger: { ...score(0.9, 0.9), ms_per_image: ms } });
    expect(judge(comparison(slow(15)), gate).gate).toBe('pass');
    expect(judge(comparison(slow(15.1)), gate).reasons[0]).toContain('too slow');
  });

  it('leaves the decision to a person if there are few test images, unless a limit is broken', () => {
    const difference = { value: 0, low: -0.2, high: 0.2 };
    const verdict = judge(comparison({ images: 99, difference }), gate);
    expect(verdict.gate).toBe('unsure');
    expect(verdict.reasons[0]).toContain('99 test images');
    const lost = { images: 99, challenger: score(0.5, 1) };
    expect(judge(comparison(lost), gate).gate).toBe('fail');
  });
});
