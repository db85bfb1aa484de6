import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../domain/errors.js';
import type { WorkerProcess } from './worker-process.js';

/** One try of a server takes at most so long. */
export const TRY_MS = 4000;

/** Tries to reach a server every `retryMs`, logs each try, and never gives up: servers may start later. */
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
