import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { Worker, type WorkerOptions } from '@temporalio/worker';
import { createHostActivities, createVideoActivities } from '../../activities/index.js';
import { createPlanReader } from '../../activities/plan-reader.js';
import { createGuardedPost } from '../../adapters/download/guarded-post.js';
import { createVideoRenderer } from '../../adapters/ffmpeg/video-renderer.js';
import { createVideoTools } from '../../adapters/ffmpeg/video-tools.js';
import { createScratch } from '../../adapters/scratch/scratch-folder.js';
import { createSourceCache } from '../../adapters/scratch/source-cache.js';
import { createClosedRuns } from '../../adapters/temporal/closed-runs.js';
import { createJobEndNotifier } from '../../adapters/temporal/job-end-notifier.js';
import { createWorkerDirectory } from '../../adapters/temporal/worker-directory.js';
import { type Config, readConfig } from '../../config/index.js';
import { hostQueue, VIDEO_QUEUE } from '../../domain/job/task-queues.js';
import { classIdsOf } from '../../models/class-ids.js';
import { translateErrors } from '../error-interceptor.js';
import {
  runWorkers,
  sharedOptions,
  SHUTDOWN_FORCE_MS,
  SHUTDOWN_GRACE_MS,
  stopOnSignal,
  versionOptions,
} from '../run-worker.js';
import {
  connectIndexedClient,
  connectStores,
  connectTemporal,
  type Stores,
  TEMPORAL,
  type TemporalLink,
} from '../../runtime/connect-servers.js';
import { sweepUntil } from './sweeper.js';
import { waitFor } from '../../runtime/wait-for.js';
import { watchServers } from '../../runtime/watch-servers.js';
import { workflowBundle } from '../workflow-bundle.js';
import { startWorkerProcess, type WorkerProcess } from '../../runtime/worker-process.js';

const interceptors = { activity: [() => ({ inbound: translateErrors })] };

/** Starts the worker of the queue `video` (workflows and activities) and of the queue of this host. */
async function main(): Promise<void> {
  const config = readConfig();
  const worker = await startWorkerProcess('video-worker', config);
  const [temporal, client, stores] = await Promise.all([
    connectTemporal(config, worker),
    connectIndexedClient(config, worker),
    connectStores(config, worker),
  ]);
  const payloadsEncrypted = temporal.dataConverter !== undefined;
  const deps = { ...(await createDeps(config, stores, client)), payloadsEncrypted };
  const workers = await createWorkers(config, worker, temporal, deps);
  const stop = stopOnSignal(worker);
  void watchServers(worker, { ...stores.pings, ...temporal.pings }, stop);
  void sweepUntil(stop, { ...deps, logger: worker.logger }, config.timing.sweepMs);
  await runWorkers(workers, stop, worker);
  await temporal.connection.close();
  await deps.documents.close();
}

async function createDeps(config: Config, stores: Stores, client: Client) {
  const folder = join(config.scratchDir, 'video-worker');
  const sources = join(config.scratchDir, 'sources');
  return {
    ...stores,
    plans: createPlanReader(stores.objects),
    workers: createWorkerDirectory(client),
    closedRuns: createClosedRuns(client),
    jobEndNotifier: createJobEndNotifier(client),
    defaultModel: config.model,
    window: config.window,
    checkClasses: classIdsOf,
    post: createGuardedPost(config.download),
    webhookSecret: config.webhook.secret,
    scratch: await createScratch(folder, config.scratchLimitBytes),
    sources: createSourceCache(stores.objects, sources, config.sourceCacheBytes),
    tools: await createVideoTools(config.ffmpeg, folder),
    renderer: await createVideoRenderer(config.ffmpeg, folder, config.scratchLimitBytes),
  };
}

async function createWorkers(
  { temporal, cores }: Config,
  worker: WorkerProcess,
  { connection, dataConverter }: TemporalLink,
  deps: Awaited<ReturnType<typeof createDeps>> & { readonly payloadsEncrypted: boolean },
): Promise<Worker[]> {
  const options = {
    ...sharedOptions,
    shutdownGraceTime: SHUTDOWN_GRACE_MS,
    shutdownForceTime: SHUTDOWN_FORCE_MS,
    connection,
    namespace: temporal.namespace,
    dataConverter,
    interceptors,
    maxConcurrentActivityTaskExecutions: cores.count + 2,
  };
  const create = (more: Partial<WorkerOptions> & Pick<WorkerOptions, 'taskQueue'>) =>
    waitFor(worker, TEMPORAL, () => Worker.create({ ...options, ...more }));
  const anywhere = await create({
    ...versionOptions(temporal),
    taskQueue: VIDEO_QUEUE,
    workflowBundle: { codePath: workflowBundle(deps.payloadsEncrypted) },
    activities: createVideoActivities(deps),
    maxCachedWorkflows: 200,
    // After a crash of its worker, a workflow waits this long before another worker takes it.
    stickyQueueScheduleToStartTimeout: '3s',
  });
  // Unversioned: the queue belongs to this process, whatever its build.
  const host = await create({
    taskQueue: hostQueue(deps.scratch.hostId),
    activities: createHostActivities(deps),
  });
  return [anywhere, host];
}

await main();
