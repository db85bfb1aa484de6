import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode } from '../domain/errors.js';
import type { ScenarioLog } from './scenario-log.js';

const RETRY_MS = 2000;

/**
 * Stores all entries of a log, again and again while the store is unavailable.
 * @throws AppError of the last attempt, after the limit or when the signal has aborted.
 */
export async function storeAll(
  log: Pick<ScenarioLog, 'finish'>,
  limitMs: number,
  signal: AbortSignal,
): Promise<void> {
  const start = performance.now();
  for (;;) {
    try {
      return await log.finish();
    } catch (error) {
      const isOver = signal.aborted || performance.now() - start >= limitMs;
      if (isOver || !hasCode(error, 'SERVER_UNAVAILABLE')) throw error;
      await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
