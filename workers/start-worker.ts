import { setFlagsFromString } from 'node:v8';
import { Worker, type WorkerOptions } from '@temporalio/worker';
import { type Config, readConfig } from '../config/index.js';
import { connectStores, connectTemporal, type Stores } from '../runtime/connect-servers.js';
import { TEMPORAL } from '../runtime/server-names.js';
import { stopOnSignal } from '../runtime/stop-on-signal.js';
import { waitFor } from '../runtime/wait-for.js';
import { watchServers } from '../runtime/watch-servers.js';
import { type StartedProcess, startWorkerProcess } from '../runtime/worker-process.js';
import { openTracing } from '../runtime/tracing/open-tracing.js';
import type { Tracing } from '../runtime/tracing/tracing.js';
import { translateErrors } from './error-interceptor.js';
import { traceWrites } from './trace-ports.js';

/** Options that all workers share. */
const SHARED_OPTIONS: Partial<WorkerOptions> = {
  // Cancellation reaches an activity with its next heartbeat.
  maxHeartbeatThrottleInterval: '1s',
  defaultHeartbeatThrottleInterval: '1s',
};

/**
 * Percentage by which a heap may grow until V8 collects all of it again. V8 itself allows the heap of
 * workflows, which keeps much and allocates little, a tenth: less than its youngest objects take. It then
 * collects that heap every second.
 */
const HEAP_GROWTH = 50;

/** A process with its connections, in which workers of Temporal can be created. */
export interface StartedWorker {
  readonly config: Config;
  readonly process: StartedProcess;
  readonly stores: Stores;
  /** Undefined if no traces are sent. */
  readonly tracing: Tracing | undefined;
  readonly payloadsEncrypted: boolean;
  /** Creates a worker of one task queue; resolves when Temporal replies. */
  readonly createWorker: (
    options: Omit<WorkerOptions, 'connection' | 'namespace'>,
  ) => Promise<Worker>;
  /** Watches the servers until SIGTERM or SIGINT; returns the signal that they abort. */
  readonly watchUntilStopped: () => AbortSignal;
  readonly disconnect: () => Promise<void>;
}

/** Starts the process of a worker; resolves when Temporal and both stores reply. */
export async function startWorker(name: string): Promise<StartedWorker> {
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH}`);
  const config = readConfig();
  const process = await startWorkerProcess(name, config);
  const [{ connection, dataConverter, pings }, stores] = await Promise.all([
    connectTemporal(config, process),
    connectStores(config, process),
  ]);
  const tracing = await openTracing(name, config.tracing, process.logger);
  const { namespace } = config.temporal;
  const shared = {
    ...SHARED_OPTIONS,
    ...interceptorsOf(tracing),
    connection,
    namespace,
    dataConverter,
  };
  return {
    ...{ config, process, tracing, payloadsEncrypted: dataConverter !== undefined },
    stores: { ...stores, objects: traceWrites(stores.objects, tracing) },
    createWorker: (options) =>
      waitFor(process, TEMPORAL, () => Worker.create({ ...shared, ...options })),
    watchUntilStopped: () => {
      const stop = stopOnSignal(process, 'worker stops');
      void watchServers(process, { ...stores.pings, ...pings }, stop);
      return stop;
    },
    disconnect: async () => {
      await connection.close();
      await stores.documents.close();
      await tracing?.close();
    },
  };
}

/** A span has the error as it was thrown; Temporal gets its translation. */
function interceptorsOf(tracing: Tracing | undefined): Partial<WorkerOptions> {
  const translating = () => ({ inbound: translateErrors });
  if (!tracing) return { interceptors: { activity: [translating] } };
  const { interceptActivity, sinks } = tracing;
  return { interceptors: { activity: [translating, interceptActivity] }, sinks };
}
