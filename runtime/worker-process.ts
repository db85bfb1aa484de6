import type { Registry } from 'prom-client';
import type { Config } from '../config/index.js';
import { messageOf } from '../domain/errors.js';
import { startHealthServer } from './health-server.js';
import { createLogger, type Logger } from './logger.js';
import { createReadiness, type Readiness } from './readiness.js';
import { installCoreMetrics } from './metrics/core-metrics.js';
import { addReadinessGauges } from './metrics/readiness-gauges.js';
import { createRegistry } from './metrics/registry.js';
import { installTemporalLogger } from './temporal-logger.js';

/** Logger and readiness of a worker, from its start. */
export interface WorkerProcess {
  readonly logger: Logger;
  readonly readiness: Readiness;
  /** Interval between attempts to reach a server, in milliseconds. */
  readonly retryMs: number;
}

/** A worker that has started, with its metrics. */
export interface StartedProcess extends WorkerProcess {
  readonly registry: Registry;
}

/** Starts the logger and, if a port is configured, the health server with the metrics. */
export async function startWorkerProcess(
  name: string,
  { logLevel, health, timing: { retryMs } }: Config,
): Promise<StartedProcess> {
  const logger = createLogger(name, logLevel);
  const readiness = createReadiness();
  const registry = createRegistry(name);
  addReadinessGauges([registry], name, readiness);
  if (!health) installTemporalLogger(logger);
  else {
    const readCore = await installCoreMetrics(logger);
    const metrics = async () => (await registry.metrics()) + (await readCore());
    try {
      await startHealthServer(health, { state: () => readiness.state(), metrics });
      logger.info(health, 'health server listens');
    } catch (error) {
      // The worker runs without it; probes get no reply.
      logger.error({ ...health, reason: messageOf(error) }, 'health server did not start');
    }
  }
  return { logger, readiness, retryMs, registry };
}
