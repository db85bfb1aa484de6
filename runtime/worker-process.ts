import type { Config } from '../config/index.js';
import { messageOf } from '../domain/errors.js';
import { startHealthServer } from './health-server.js';
import { createLogger, type Logger } from './logger.js';
import { createReadiness, type Readiness } from './readiness.js';
import { installTemporalLogger } from './temporal-logger.js';

/** Logger and readiness of a worker, from its start. */
export interface WorkerProcess {
  readonly logger: Logger;
  readonly readiness: Readiness;
  /** Interval between attempts to reach a server, in milliseconds. */
  readonly retryMs: number;
}

/** Starts the logger and, if a port is configured, the health server. */
export async function startWorkerProcess(
  name: string,
  { logLevel, health, timing: { retryMs } }: Config,
): Promise<WorkerProcess> {
  const logger = createLogger(name, logLevel);
  installTemporalLogger(logger);
  const readiness = createReadiness();
  if (health) {
    try {
      await startHealthServer(health, () => readiness.state());
      logger.info(health, 'health server listens');
    } catch (error) {
      // The worker runs without it; probes get no reply.
      logger.error({ ...health, reason: messageOf(error) }, 'health server did not start');
    }
  }
  return { logger, readiness, retryMs };
}
