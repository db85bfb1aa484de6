import { expect, it } from 'vitest';
import { poll } from './poll.js';

it('reads sooner at first, then at its interval, up to the last value', async () => {
  const ages: number[] = [];
  const previous: (number | undefined)[] = [];
  const read = (last: number | undefined, maxAgeMs: number) => {
    previous.push(last);
    return Promise.resolve(ages.push(maxAgeMs));
  };
  const options = { isLast: (value: number) => value === 4, everyMs: 150, signal: undefined };
  const startedAt = performance.now();
  const values: number[] = [];
  for await (const value of poll(read, options)) values.push(value);
  expect(values).toEqual([1, 2, 3, 4]);
  expect(previous).toEqual([undefined, 1, 2, 3]);
  expect(ages).toEqual([150, 100, 150, 150]);
  // Timers may fire a millisecond early.
  expect(performance.now() - startedAt).toBeGreaterThan(395);
});

it('ends with the error of its signal', async () => {
  const stop = new AbortController();
  const options = { isLast: () => false, everyMs: 60_000, signal: stop.signal };
  const states = poll(() => Promise.resolve(1), options);
  await states.next();
  const next = states.next();
  stop.abort();
  await expect(next).rejects.toThrow('aborted');
});
