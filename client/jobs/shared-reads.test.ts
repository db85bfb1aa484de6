import { expect, it } from 'vitest';
import { createSharedReads } from './shared-reads.js';

/** Shared reads of numbers that increase by 1 with each read of a key. */
function counted() {
  let reads = 0;
  const hold = createSharedReads<number>((_, previous = 0) => {
    reads++;
    return Promise.resolve(previous + 1);
  });
  return { hold, reads: () => reads };
}

it('reads once for all holders that read at the same time', async () => {
  const { hold, reads } = counted();
  const holders = Array.from({ length: 200 }, () => hold('job'));
  expect(await Promise.all(holders.map(({ read }) => read(60_000)))).toEqual(Array(200).fill(1));
  expect(reads()).toBe(1);
});

it('reads again when the value is too old', async () => {
  const { hold } = counted();
  const { read } = hold('job');
  expect([await read(0), await read(0), await read(60_000)]).toEqual([1, 2, 2]);
});

it('keeps keys apart, and forgets a key without holders', async () => {
  const { hold } = counted();
  const first = hold('job');
  expect(await first.read(0)).toBe(1);
  expect(await hold('other').read(0)).toBe(1);
  first.release();
  expect(await hold('job').read(60_000)).toBe(1);
});

it('reports a failed read to all that wait for it, and tries again', async () => {
  let isUp = false;
  const hold = createSharedReads(() =>
    isUp ? Promise.resolve('value') : Promise.reject(new Error('unavailable')),
  );
  const holders = [hold('job'), hold('job')];
  const results = await Promise.allSettled(holders.map(({ read }) => read(60_000)));
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  isUp = true;
  expect(await holders[0]?.read(60_000)).toBe('value');
});
