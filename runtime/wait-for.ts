import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../domain/errors.js';
import type { WorkerProcess } from './worker-process.js';

/** Timeout for one attempt to reach a server, in milliseconds. */
export const TRY_MS = 4000;

/** Tries to reach a server every `retryMs`, without end, because it may start later; logs each attempt. */
export async function waitFor<T>(
  { logger, readiness, retryMs }: WorkerProcess,
  server: string,
  connect: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const next = Date.now() + retryMs;
    try {
      const connected = await connect();
      logger.info({ server, attempt }, 'connected');
      readiness.found(server);
      return connected;
    } catch (error) {
      const reason = messageOf(error);
      logger.warn({ server, attempt, reason }, 'not reachable, trying again');
      readiness.missing(server, reason);
      await sleep(Math.max(0, next - Date.now()));
    }
  }
}
