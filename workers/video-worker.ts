import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker } from '@temporalio/worker';
import { createHostActivities, createVideoActivities } from '../activities/index.js';
import { createPlanReader } from '../activities/plan-reader.js';
import { createVideoRenderer } from '../adapters/ffmpeg/video-renderer.js';
import { createVideoTools } from '../adapters/ffmpeg/video-tools.js';
import { createScratch } from '../adapters/scratch/scratch-folder.js';
import { createSourceCache } from '../adapters/scratch/source-cache.js';
import { connectClient, connectionOptions } from '../adapters/temporal/connection.js';
import { ensureSearchAttributes } from '../adapters/temporal/search-attributes.js';
import { createWorkerDirectory } from '../adapters/temporal/worker-directory.js';
import { type Config, readConfig } from '../config.js';
import { hostQueue, VIDEO_QUEUE } from '../domain/task-queues.js';
import { classIdsOf } from '../models/class-ids.js';
import { translateErrors } from './error-interceptor.js';
import {
  runWorkers,
  sharedOptions,
  SHUTDOWN_FORCE_MS,
  SHUTDOWN_GRACE_MS,
  stopOnSignal,
} from './run-worker.js';
import { connectStores } from './services.js';
import { waitFor } from './wait-for.js';
import { startWorkerProcess, type WorkerProcess } from './worker-process.js';

const WORKFLOW_BUNDLE = fileURLToPath(new URL('../workflow-bundle.js', import.meta.url));
const interceptors = { activity: [() => ({ inbound: translateErrors })] };

/** The worker of workflows, of the queue `video`, and of this host's own queue. */
async function main(): Promise<void> {
  const config = readConfig();
  const own = await startWorkerProcess('video-worker', config);
  const deps = await createDeps(config, own);
  const connection = await waitFor(own, 'Temporal', async () =>
    NativeConnection.connect(await connectionOptions(config.temporal)),
  );
  const workers = await createWorkers(config, connection, deps);
  await runWorkers(workers, stopOnSignal(own), own);
  await connection.close();
  await deps.documents.close();
}

async function createDeps(config: Config, own: WorkerProcess) {
  const stores = await connectStores(config, own);
  const { client, connection } = await waitFor(own, 'Temporal', () =>
    connectClient(config.temporal),
  );
  await ensureSearchAttributes(connection, config.temporal.namespace);
  const folder = join(config.scratchDir, 'video-worker');
  const sources = join(config.scratchDir, 'sources');
  return {
    ...stores,
    plans: createPlanReader(stores.objects),
    workers: createWorkerDirectory(client),
    defaultModel: config.model,
    window: config.window,
    checkClasses: classIdsOf,
    scratch: await createScratch(folder, config.scratchLimitBytes),
    sources: createSourceCache(stores.objects, sources, config.sourceCacheBytes),
    tools: await createVideoTools(config.ffmpeg, folder),
    renderer: await createVideoRenderer(config.ffmpeg, folder, config.scratchLimitBytes),
  };
}

async function createWorkers(
  { temporal: { namespace }, cores }: Config,
  connection: NativeConnection,
  deps: Awaited<ReturnType<typeof createDeps>>,
): Promise<Worker[]> {
  const slots = cores.count + 2;
  const options = {
    ...sharedOptions,
    shutdownGraceTime: SHUTDOWN_GRACE_MS,
    shutdownForceTime: SHUTDOWN_FORCE_MS,
    connection,
    namespace,
    interceptors,
    maxConcurrentActivityTaskExecutions: slots,
  };
  const anywhere = await Worker.create({
    ...options,
    taskQueue: VIDEO_QUEUE,
    workflowBundle: { codePath: WORKFLOW_BUNDLE },
    activities: createVideoActivities(deps),
    maxCachedWorkflows: 200,
    // After a crash, a workflow waits this long for the worker that had it in memory.
    stickyQueueScheduleToStartTimeout: '3s',
  });
  const host = await Worker.create({
    ...options,
    taskQueue: hostQueue(deps.scratch.hostId),
    activities: createHostActivities(deps),
  });
  return [anywhere, host];
}

await main();
