import { waitForAbort } from '../../platform/wait-for-abort.js';

/** Runs a task after those before it; rejects at once if the signal aborts before its turn. */
export type Mutex = <T>(task: () => Promise<T>, signal?: AbortSignal) => Promise<T>;

/** Creates a mutex: tasks run one after another, and a failed task does not stop the next. */
export function createMutex(): Mutex {
  let last: Promise<unknown> = Promise.resolve();
  return (task, signal) => {
    const turn = last;
    const run = turn.then(() => {
      signal?.throwIfAborted();
      return task();
    });
    last = run.catch(() => undefined);
    return signal ? rejectEarly(run, turn, signal) : run;
  };
}

/** Rejects with the signal's reason if it aborts before the turn. */
async function rejectEarly<T>(
  run: Promise<T>,
  turn: Promise<unknown>,
  signal: AbortSignal,
): Promise<T> {
  const aborted = waitForAbort(signal).then(() => signal.throwIfAborted());
  await Promise.race([turn, aborted]);
  return run;
}
