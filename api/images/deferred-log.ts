import { setTimeout as sleep } from 'node:timers/promises';
import { DeadlineError, withDeadline } from '../../adapters/deadline.js';
import { messageOf } from '../../domain/errors.js';
import { createPredictionId } from '../../domain/result/prediction-id.js';
import type {
  IdentifiedPrediction,
  PredictionLog,
  StoredPredictionLog,
} from '../../domain/result/prediction-log.js';
import { unavailableServer } from '../../domain/server-unavailable.js';
import type { Logger } from '../../runtime/logger.js';
import type { Metrics } from '../metrics/index.js';

export interface DeferredLogDeps {
  readonly store: StoredPredictionLog;
  readonly metrics: Pick<Metrics, 'logged'>;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Interval between attempts to write the rows that wait, in milliseconds. */
  readonly retryMs: number;
  /** Maximum time that a prediction waits for its row to be written, in milliseconds; default: 2 s. */
  readonly patienceMs?: number;
  /** Maximum number of rows that wait; default: 10,000. */
  readonly rowsMax?: number;
}

const PATIENCE_MS = 2000;
const ROWS_MAX = 10_000;
/** Number of rows that are written at once. */
const ROWS_AT_ONCE = 200;

/**
 * Log whose rows are written later if the store does not answer: predictions do not wait for it. Rows
 * that wait are in memory; above their maximum, new ones are dropped, which is counted and logged.
 */
export function createDeferredLog(deps: DeferredLogDeps): PredictionLog {
  const { store, metrics, logger, retryMs } = deps;
  const { patienceMs = PATIENCE_MS, rowsMax = ROWS_MAX } = deps;
  const waiting = new Map<string, IdentifiedPrediction>();
  const closing = new AbortController();
  let dropped = 0;
  let isWriting = false;

  const insertRows = (rows: readonly IdentifiedPrediction[]) => store.insert(rows);
  const insertSoon = (rows: readonly IdentifiedPrediction[]) =>
    withDeadline(store.insert(rows), patienceMs, `no answer within ${patienceMs} ms`);

  /** Writes the rows that wait, the oldest first. @throws the error of the store. */
  async function writeWaiting(insert = insertRows): Promise<void> {
    while (waiting.size > 0) {
      const rows = [...waiting.values()].slice(0, ROWS_AT_ONCE);
      await insert(rows);
      for (const { prediction_id } of rows) waiting.delete(prediction_id);
    }
  }

  /** Drops the rows that the store refuses, so that the others are written. */
  function dropOldest(reason: string): void {
    const ids = [...waiting.keys()].slice(0, ROWS_AT_ONCE);
    for (const id of ids) waiting.delete(id);
    metrics.logged('dropped', ids.length);
    logger.error({ dropped: ids.length, reason }, 'rows of predictions were refused');
  }

  async function retry(): Promise<void> {
    const { signal } = closing;
    while (waiting.size > 0) {
      await sleep(retryMs, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) return;
      await writeWaiting().catch((error: unknown) => {
        if (!isUnavailable(error)) dropOldest(messageOf(error));
      });
    }
    logger.info({ dropped }, 'the log of predictions is complete again');
    dropped = 0;
    isWriting = false;
  }

  function defer(rows: readonly IdentifiedPrediction[], reason: string): void {
    const room = Math.max(0, rowsMax - waiting.size);
    for (const row of rows.slice(0, room)) waiting.set(row.prediction_id, row);
    metrics.logged('deferred', Math.min(room, rows.length));
    const lost = rows.length - room;
    if (lost > 0) {
      if (dropped === 0) logger.error({ waiting: rowsMax }, 'rows of predictions are dropped');
      dropped += lost;
      metrics.logged('dropped', lost);
    }
    if (isWriting) return;
    logger.warn({ reason }, 'rows of predictions are written later');
    isWriting = true;
    void retry();
  }

  return {
    ...store,
    add: async (predictions) => {
      const rows = predictions.map((record) => ({
        prediction_id: createPredictionId(),
        ...record,
      }));
      if (waiting.size > 0) defer(rows, 'older rows wait');
      else {
        await insertSoon(rows).catch((error: unknown) => {
          if (!isUnavailable(error)) throw error;
          defer(rows, messageOf(error));
        });
      }
      return rows.map(({ prediction_id }) => prediction_id);
    },
    find: async (id) => waiting.get(id) ?? store.find(id),
    close: async () => {
      closing.abort();
      await writeWaiting(insertSoon).catch(() => undefined);
      if (waiting.size > 0) {
        metrics.logged('dropped', waiting.size);
        logger.error({ dropped: waiting.size }, 'rows of predictions are lost at shutdown');
      }
      await store.close();
    },
  };
}

function isUnavailable(error: unknown): boolean {
  return unavailableServer(error) !== undefined || error instanceof DeadlineError;
}
