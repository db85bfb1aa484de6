import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker } from '@temporalio/worker';
import { createDetectActivities } from '../activities/index.js';
import { createPlanReader } from '../activities/plan-reader.js';
import { createScratch } from '../adapters/scratch/scratch-folder.js';
import { createSourceCache } from '../adapters/scratch/source-cache.js';
import { connectionOptions } from '../adapters/temporal/connection.js';
import { type Config, readConfig } from '../config.js';
import { DETECT_QUEUES } from '../domain/task-queues.js';
import { translateErrors } from './error-interceptor.js';
import { LanePool } from './lane-pool.js';
import { createLogger, installTemporalLogger, type Logger } from './logger.js';
import { createModelFiles } from './model-files.js';
import { runWorkers, sharedOptions } from './run-worker.js';
import { connectStores } from './services.js';
import { waitFor } from './wait-for.js';

const LANE = fileURLToPath(new URL('./lane.js', import.meta.url));
/** While a lane detects one range, it reads the frames of the next. */
const JOBS_PER_LANE = 2;

/** The worker of one detect queue: it polls and supervises, its lanes detect. */
async function main(): Promise<void> {
  const config = readConfig();
  const logger = createLogger('detect-worker', config.logLevel);
  installTemporalLogger(logger);
  const stores = await connectStores(config, logger);
  const lanes = createLanes(config, logger);
  const deps = await createDeps(config, stores);
  // Nothing is taken from the queue before the network ran on the device of this worker.
  await waitFor(logger, `network on ${config.device}`, async () => {
    const { name, version, sha256 } = await stores.models.resolve(config.model);
    await lanes.load(await deps.models.fetch({ name, version, sha256 }));
  });
  const connection = await waitFor(logger, 'Temporal', async () =>
    NativeConnection.connect(await connectionOptions(config.temporal)),
  );
  const { namespace } = config.temporal;
  const worker = await Worker.create({
    ...sharedOptions,
    connection,
    namespace,
    taskQueue: DETECT_QUEUES[config.device],
    interceptors: { activity: [() => ({ inbound: translateErrors })] },
    activities: createDetectActivities({ ...deps, lanes }),
    maxConcurrentActivityTaskExecutions: config.lanes * JOBS_PER_LANE,
  });
  await runWorkers([worker], connection, logger);
  await lanes.close();
  await stores.documents.close();
}

function createLanes({ lanes, laneTimeoutMs }: Config, logger: Logger): LanePool {
  const jobsPerLane = JOBS_PER_LANE;
  return new LanePool({ entry: LANE, lanes, jobsPerLane, timeoutMs: laneTimeoutMs, logger });
}

async function createDeps(config: Config, stores: Awaited<ReturnType<typeof connectStores>>) {
  const { scratchDir, device, scratchLimitBytes, sourceCacheBytes } = config;
  const folder = join(scratchDir, 'detect-worker');
  return {
    ...stores,
    device,
    plans: createPlanReader(stores.objects),
    scratch: await createScratch(folder, scratchLimitBytes),
    sources: createSourceCache(stores.objects, join(scratchDir, 'sources'), sourceCacheBytes),
    models: createModelFiles(stores.objects, stores.models, join(scratchDir, 'models')),
  };
}

await main();
