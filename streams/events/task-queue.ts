import { setTimeout as sleep } from 'node:timers/promises';
import { retryDelay } from '../../domain/backoff.js';
import { hasCode } from '../../domain/errors.js';

/**
 * Does tasks one after another, each until it succeeds. A task that fails although the servers are
 * available is dropped after some attempts.
 */
export interface TaskQueue {
  /** Number of tasks that are not done. */
  readonly length: number;
  add(task: () => Promise<void>): void;
  /** Does the tasks in the queue for at most some time, and drops the others. */
  close(limitMs: number): Promise<void>;
}

/** Attempts of a task whose failure is not that of a server. */
const ATTEMPTS = 5;

/**
 * @param onFailure receives the error of each failed attempt.
 * @param delayOf time before the next attempt after some failures, in ms.
 */
export function createTaskQueue(
  onFailure: (error: unknown) => void,
  delayOf: (failures: number) => number = retryDelay,
): TaskQueue {
  const closed = new AbortController();
  const tasks: (() => Promise<void>)[] = [];
  let running: Promise<void> | undefined;

  const attempt = async (task: () => Promise<void>) => {
    for (let failures = 1; !closed.signal.aborted; failures++) {
      try {
        return await task();
      } catch (error) {
        onFailure(error);
        if (failures >= ATTEMPTS && !hasCode(error, 'SERVER_UNAVAILABLE')) return;
        await sleep(delayOf(failures), undefined, { signal: closed.signal }).catch(() => null);
      }
    }
  };
  const run = async () => {
    for (let task = tasks[0]; task && !closed.signal.aborted; task = tasks[0]) {
      await attempt(task);
      tasks.shift();
    }
    running = undefined;
  };
  return {
    get length() {
      return tasks.length;
    },
    add(task) {
      if (closed.signal.aborted) return;
      tasks.push(task);
      running ??= run();
    },
    async close(limitMs) {
      const timer = setTimeout(() => closed.abort(), limitMs);
      await running;
      clearTimeout(timer);
      closed.abort();
    },
  };
}
