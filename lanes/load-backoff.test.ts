import { expect, it } from 'vitest';
import { createLoadBackoff } from './load-backoff.js';

it('bars a model for 1 s, and twice as long after each failure, up to 30 s', () => {
  const backoff = createLoadBackoff();
  for (const pauseMs of [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]) {
    backoff.failed('a', 500);
    expect([...backoff.barred(500 + pauseMs - 1)]).toEqual(['a']);
    expect([...backoff.barred(500 + pauseMs)]).toEqual([]);
  }
});

it('forgets the failures of a model once it is loaded, and those of no other', () => {
  const backoff = createLoadBackoff();
  for (const modelKey of ['a', 'a', 'b']) backoff.failed(modelKey, 0);
  backoff.loaded('a');
  expect([...backoff.barred(0)]).toEqual(['b']);
  backoff.failed('a', 0);
  expect([...backoff.barred(1000)]).toEqual([]);
});
