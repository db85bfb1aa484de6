import { expect, it } from 'vitest';
import { createMutex } from './mutex.js';

/** A task that ends when `end` is called. */
function createTask() {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  let hasBegun = false;
  const run = () => {
    hasBegun = true;
    return ended;
  };
  return { run, end, hasBegun: () => hasBegun };
}

/** Waits until every task that can begin has begun. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

it('runs tasks one after another, in their order', async () => {
  const inTurn = createMutex();
  const [first, second] = [createTask(), createTask()];
  const turns = [inTurn(first.run), inTurn(second.run)];
  await settle();
  expect([first.hasBegun(), second.hasBegun()]).toEqual([true, false]);
  first.end();
  await settle();
  expect(second.hasBegun()).toBe(true);
  second.end();
  await Promise.all(turns);
});

it('runs a task after one that failed', async () => {
  const inTurn = createMutex();
  await expect(inTurn(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await inTurn(() => Promise.resolve('next'))).toBe('next');
});

it('rejects a task at once whose signal aborts before its turn, and never runs it', async () => {
  const inTurn = createMutex();
  const [first, waiting, next] = [createTask(), createTask(), createTask()];
  const cancel = new AbortController();
  const running = inTurn(first.run);
  const cancelled = inTurn(waiting.run, cancel.signal);
  const last = inTurn(next.run);
  cancel.abort(new Error('cancelled'));
  await expect(cancelled).rejects.toThrow('cancelled');
  first.end();
  await running;
  await settle();
  expect([waiting.hasBegun(), next.hasBegun()]).toEqual([false, true]);
  next.end();
  await last;
});

it('waits for a task that has begun, although its signal aborts', async () => {
  const inTurn = createMutex();
  const task = createTask();
  const cancel = new AbortController();
  let hasEnded = false;
  const running = inTurn(task.run, cancel.signal).then(() => (hasEnded = true));
  await settle();
  cancel.abort();
  await settle();
  expect(hasEnded).toBe(false);
  task.end();
  await running;
});
