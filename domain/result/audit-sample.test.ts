import { expect, it } from 'vitest';
import { sha256 } from '../hash.js';
import { isAudited } from './audit-sample.js';

const images = Array.from({ length: 20_000 }, (_, i) => sha256(`image ${i}`));
const sample = (rate: number) => images.filter((image) => isAudited(image, rate));

it('selects no image at 0, every image at 1, and the share of the rate between', () => {
  expect(sample(0)).toHaveLength(0);
  expect(sample(1)).toHaveLength(images.length);
  // Three standard deviations of a binomial distribution: 3 * sqrt(20000 * 0.05 * 0.95) = 92.
  expect(Math.abs(sample(0.05).length - 1000)).toBeLessThan(92);
});

it('keeps the images of a sample when the rate rises', () => {
  const larger = new Set(sample(0.1));
  expect(sample(0.01).every((image) => larger.has(image))).toBe(true);
});
