import type { MetricsExporterConfig } from '@temporalio/worker';
import getPort from 'get-port';
import { messageOf } from '../../domain/errors.js';
import type { Logger } from '../logger.js';
import { installTemporalLogger } from '../temporal-logger.js';

const HOST = '127.0.0.1';
/** A port may be taken between the moment in which it is found free and its use. */
const TRIES = 5;
const READ_MS = 2000;
/** Upper bounds of buckets in seconds: activities take from milliseconds to hours. */
const ACTIVITY_S = [0.05, 0.25, 1, 5, 15, 60, 300, 900, 3600];
const WAITING_S = [0.05, 0.25, 1, 5, 15, 60, 300, 900, 3600];
const WORKFLOW_S = [1, 5, 15, 60, 300, 900, 3600, 4 * 3600, 24 * 3600];
const TASK_S = [0.005, 0.025, 0.1, 0.5, 1, 5];

/** Returns the metrics of Temporal's SDK as text; empty if there are none. */
export type ReadCoreMetrics = () => Promise<string>;

const NOTHING: ReadCoreMetrics = () => Promise.resolve('');

/**
 * Installs Temporal's SDK with its metrics on a free port of the loopback interface; without them if no
 * port can be used, so that this never keeps a worker from starting.
 * @param findPort returns a port that is free at that moment.
 */
export async function installCoreMetrics(
  logger: Logger,
  findPort = () => getPort({ host: HOST }),
): Promise<ReadCoreMetrics> {
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const port = await findPort();
    try {
      installTemporalLogger(logger, exporterOn(port));
      return () => readFrom(port);
    } catch (error) {
      logger.warn(
        { port, attempt, reason: messageOf(error) },
        'no metrics of the SDK on this port',
      );
    }
  }
  installTemporalLogger(logger);
  return NOTHING;
}

function exporterOn(port: number): MetricsExporterConfig {
  return {
    metricPrefix: 'temporal_',
    prometheus: {
      bindAddress: `${HOST}:${port}`,
      ...{ countersTotalSuffix: true, unitSuffix: true, useSecondsForDurations: true },
      histogramBucketOverrides: {
        activity_execution_latency: ACTIVITY_S,
        activity_succeed_endtoend_latency: ACTIVITY_S,
        activity_schedule_to_start_latency: WAITING_S,
        workflow_endtoend_latency: WORKFLOW_S,
        workflow_task_schedule_to_start_latency: TASK_S,
        workflow_task_execution_latency: TASK_S,
        workflow_task_replay_latency: TASK_S,
      },
    },
  };
}

/** Reads the exporter of this process; empty if it does not reply, so that other metrics remain. */
async function readFrom(port: number): Promise<string> {
  const signal = AbortSignal.timeout(READ_MS);
  const response = await fetch(`http://${HOST}:${port}/metrics`, { signal }).catch(() => undefined);
  return response?.ok ? response.text() : '';
}
