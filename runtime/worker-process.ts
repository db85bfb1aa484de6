import type { Config } from '../config/index.js';
import { messageOf } from '../domain/errors.js';
import { startHealthServer } from './health-server.js';
import { createLogger, installTemporalLogger, type Logger } from './logger.js';
import { createReadiness, type Readiness } from './readiness.js';

/** What a worker has from its first moment on. */
export interface WorkerProcess {
  readonly logger: Logger;
  readonly readiness: Readiness;
  /** Interval between attempts to reach a server, in milliseconds. */
  readonly retryMs: number;
}

/** Begins to log and, where a port is configured, to answer whether the worker is ready. */
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
      logger.info(health, 'health answers');
    } catch (error) {
      // Work goes on; who asks for its health sees that nobody answers.
      logger.error({ ...health, reason: messageOf(error) }, 'health does not answer');
    }
  }
  return { logger, readiness, retryMs };
}
