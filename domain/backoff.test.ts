import { expect, it } from 'vitest';
import { retryDelay } from './backoff.js';

it('doubles the delay from 1 s to 30 s', () => {
  const delays = [1, 2, 3, 4, 5, 6, 7, 2000].map(retryDelay);
  expect(delays).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
});
