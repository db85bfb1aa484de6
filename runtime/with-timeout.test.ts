import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { withTimeout } from './with-timeout.js';

it('resolves and rejects as the work does', async () => {
  expect(await withTimeout(Promise.resolve(1), 1000, 'late')).toBe(1);
  await expect(withTimeout(Promise.reject(new Error('no')), 1000, 'late')).rejects.toThrow('no');
});

it('rejects with the message when the time is over', async () => {
  await expect(withTimeout(sleep(1000, undefined, { ref: false }), 20, 'late')).rejects.toThrow(
    'late',
  );
});
