import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../domain/errors.js';
import { TRY_MS } from './wait-for.js';
import { withDeadline } from '../adapters/deadline.js';
import type { WorkerProcess } from './worker-process.js';

/** Requests that check whether the servers of a worker reply, by the names of the servers. */
export type Pings = Readonly<Record<string, () => Promise<unknown>>>;

/**
 * Pings each server every `retryMs` until the signal aborts. While one does not reply, the worker is
 * not ready and each attempt is logged; Temporal retries the activities that fail meanwhile.
 */
export async function watchServers(
  worker: WorkerProcess,
  pings: Pings,
  signal: AbortSignal,
): Promise<void> {
  const unavailable = new Set<string>();
  while (!signal.aborted) {
    await Promise.all(
      Object.entries(pings).map(([server, ping]) => check(worker, server, ping, unavailable)),
    );
    await sleep(worker.retryMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

async function check(
  { logger, readiness }: WorkerProcess,
  server: string,
  ping: () => Promise<unknown>,
  unavailable: Set<string>,
): Promise<void> {
  try {
    await withDeadline(ping(), TRY_MS, `no reply within ${TRY_MS} ms`);
    if (unavailable.delete(server)) logger.info({ server }, 'server replies again');
    readiness.found(server);
  } catch (error) {
    const reason = messageOf(error);
    unavailable.add(server);
    logger.warn({ server, reason }, 'server does not reply, trying again');
    readiness.missing(server, reason);
  }
}
