import { expect, it } from 'vitest';
import { waitForAbort } from './wait-for-abort.js';

it('resolves when the signal aborts', async () => {
  const controller = new AbortController();
  let hasResolved = false;
  const waiting = waitForAbort(controller.signal).then(() => (hasResolved = true));
  await Promise.resolve();
  expect(hasResolved).toBe(false);
  controller.abort();
  await waiting;
});

it('resolves at once if the signal has aborted', async () => {
  await waitForAbort(AbortSignal.abort());
});
