import { expect, it } from 'vitest';
import { allOrFail } from './all-or-fail.js';

it('resolves with the results in order', async () => {
  expect(await allOrFail(Promise.resolve('a'), Promise.resolve(1))).toEqual(['a', 1]);
});

it('waits for all parts and reports all failures in one message', async () => {
  let isDone = false;
  const slow = new Promise((resolve) => setTimeout(resolve, 20)).then(() => (isDone = true));
  const failed = (reason: string) => Promise.reject(new Error(reason));
  await expect(allOrFail(failed('no ffmpeg'), slow, failed('no model'))).rejects.toMatchObject({
    code: 'SETUP_FAILED',
    message: 'no ffmpeg\n\nno model',
  });
  expect(isDone).toBe(true);
});
