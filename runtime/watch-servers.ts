import { setTimeout as sleep } from 'node:timers/promises';
import { withDeadline } from '../adapters/deadline.js';
import { messageOf } from '../domain/errors.js';
import { TRY_MS } from './wait-for.js';
import type { WorkerProcess } from './worker-process.js';

/** What each server that a worker needs is asked, by its name. */
export type Pings = Readonly<Record<string, () => Promise<unknown>>>;

/**
 * Asks each server every `retryMs` whether it is there, until the signal aborts. While one is not, the
 * worker is not ready and each try is logged; its steps are tried again by Temporal meanwhile.
 */
export async function watchServers(
  own: WorkerProcess,
  pings: Pings,
  signal: AbortSignal,
): Promise<void> {
  const lost = new Set<string>();
  while (!signal.aborted) {
    await Promise.all(Object.entries(pings).map(([server, ping]) => look(own, server, ping, lost)));
    await sleep(own.retryMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

async function look(
  { logger, readiness }: WorkerProcess,
  server: string,
  ping: () => Promise<unknown>,
  lost: Set<string>,
): Promise<void> {
  try {
    await withDeadline(ping(), TRY_MS);
    if (lost.delete(server)) logger.info({ server }, 'server is back');
    readiness.found(server);
  } catch (error) {
    const reason = messageOf(error);
    lost.add(server);
    logger.warn({ server, reason }, 'server does not answer, trying again');
    readiness.missing(server, reason);
  }
}
