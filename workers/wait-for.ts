import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../domain/errors.js';
import type { WorkerProcess } from './worker-process.js';

const RETRY_MS = 5000;

/** Tries to reach a server every 5 s, logs each try, and never gives up: servers may start later. */
export async function waitFor<T>(
  { logger, readiness }: WorkerProcess,
  server: string,
  connect: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      const connected = await connect();
      logger.info({ server, attempt }, 'connected');
      return connected;
    } catch (error) {
      const reason = messageOf(error);
      logger.warn({ server, attempt, reason }, 'not reachable, trying again');
      readiness.notReady(`waits for ${server}: ${reason}`);
      await sleep(RETRY_MS);
    }
  }
}
