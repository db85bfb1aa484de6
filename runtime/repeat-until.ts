import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../domain/errors.js';
import type { Logger } from './logger.js';

export interface Repetition {
  /** Pause between two runs of the work, in milliseconds. */
  readonly everyMs: number;
  readonly logger: Logger;
  /** Message to log when the work fails; the next run follows after the same pause. */
  readonly failure: string;
}

/** Repeats work until `stop` aborts; does not keep the process alive. */
export async function repeatUntil(
  stop: AbortSignal,
  { everyMs, logger, failure }: Repetition,
  work: () => Promise<void>,
): Promise<void> {
  while (!stop.aborted) {
    try {
      await work();
    } catch (error) {
      if (stop.aborted) return;
      logger.warn({ reason: messageOf(error) }, failure);
    }
    await sleep(everyMs, undefined, { signal: stop, ref: false }).catch(() => undefined);
  }
}
