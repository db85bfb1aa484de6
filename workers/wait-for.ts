import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../domain/errors.js';
import type { Logger } from './logger.js';

const RETRY_MS = 5000;

/** Tries to reach a server every 5 s, logs each try, and never gives up: servers may start later. */
export async function waitFor<T>(
  logger: Logger,
  server: string,
  connect: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      const connected = await connect();
      logger.info({ server, attempt }, 'connected');
      return connected;
    } catch (error) {
      logger.warn({ server, attempt, reason: messageOf(error) }, 'not reachable, trying again');
      await sleep(RETRY_MS);
    }
  }
}
