/** Runs a task after those before it; rejects at once if the signal aborts before its turn. */
export type Mutex = <T>(task: () => Promise<T>, signal?: AbortSignal) => Promise<T>;

/** Creates a mutex: tasks run one after another, and a failed task does not stop the next. */
export function createMutex(): Mutex {
  let last: Promise<unknown> = Promise.resolve();
  return (task, signal) => {
    let hasBegun = false;
    const run = last.then(() => {
      signal?.throwIfAborted();
      hasBegun = true;
      return task();
    });
    last = run.catch(() => undefined);
    return signal ? rejectEarly(run, signal, () => !hasBegun) : run;
  };
}

/** Rejects with the signal's reason if it aborts while `mayReject`. */
function rejectEarly<T>(
  run: Promise<T>,
  signal: AbortSignal,
  mayReject: () => boolean,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const stopWaiting = () => {
      if (mayReject()) reject(signal.reason as Error);
    };
    signal.addEventListener('abort', stopWaiting);
    void run.then(resolve, reject).finally(() => signal.removeEventListener('abort', stopWaiting));
  });
}
