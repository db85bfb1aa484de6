import { setTimeout as sleep } from 'node:timers/promises';

export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

/**
 * Settles as `promise` does, or rejects after `ms` milliseconds: for calls whose library has no limit
 * that covers every way in which a server can hang. The timer does not keep the process alive.
 * @throws DeadlineError with `message`.
 */
export async function withDeadline<T>(
  promise: Promise<T>,
  ms: number,
  message = `no answer within ${ms} ms`,
): Promise<T> {
  const settled = new AbortController();
  const late = sleep(ms, undefined, { signal: settled.signal, ref: false }).then(() => {
    throw new DeadlineError(message);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([promise, late]);
  } finally {
    settled.abort();
  }
}
