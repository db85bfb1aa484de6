import { expect, it } from 'vitest';
import { createLoadBackoff } from './load-backoff.js';

it('delays a model by 1 s, doubling with each failure up to 30 s', () => {
  const backoff = createLoadBackoff();
  for (const pauseMs of [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]) {
    backoff.recordFailure('a', 500);
    expect([...backoff.coolingDown(500 + pauseMs - 1)]).toEqual(['a']);
    expect([...backoff.coolingDown(500 + pauseMs)]).toEqual([]);
  }
});

it('forgets only the failures of the model that was loaded', () => {
  const backoff = createLoadBackoff();
  for (const modelKey of ['a', 'a', 'b']) backoff.recordFailure(modelKey, 0);
  backoff.recordSuccess('a');
  expect([...backoff.coolingDown(0)]).toEqual(['b']);
  backoff.recordFailure('a', 0);
  expect([...backoff.coolingDown(1000)]).toEqual([]);
});
