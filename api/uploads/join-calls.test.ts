import { expect, it } from 'vitest';
import { joinCalls } from './join-calls.js';

function counting(outcome: (call: number) => Promise<number>) {
  let calls = 0;
  return joinCalls(() => outcome(++calls));
}

it('shares the result of a call in progress with calls with the same key', async () => {
  const work = counting((call) => Promise.resolve(call));
  expect(await Promise.all([work('a'), work('a'), work('b'), work('a')])).toEqual([1, 1, 2, 1]);
  expect(await work('a')).toBe(3);
});

it('shares a failure, and tries again afterwards', async () => {
  const work = counting((call) =>
    call === 1 ? Promise.reject(new Error('no')) : Promise.resolve(call),
  );
  const both = await Promise.allSettled([work('a'), work('a')]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await work('a')).toBe(2);
});
