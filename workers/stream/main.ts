import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Worker, WorkerTuner } from '@temporalio/worker';
import { createStreamActivities } from '../../activities/index.js';
import type { WatchCameraDeps } from '../../activities/watch-camera.js';
import { readHostId } from '../../adapters/scratch/scratch-folder.js';
import { openTaskTokens } from '../../adapters/scratch/task-tokens.js';
import { createModelFiles } from '../../adapters/store/model-file-cache.js';
import { createScenarioRuns } from '../../adapters/temporal/scenario-runs.js';
import { createAlertSender } from '../../adapters/temporal/alert-sender.js';
import { createStreamNotifier } from '../../adapters/temporal/stream-notifier.js';
import { createTaskQueues } from '../../adapters/temporal/task-queues.js';
import type { Config } from '../../config/index.js';
import { environmentWithoutSecrets } from '../../config/secrets.js';
import { AppError } from '../../domain/errors.js';
import { STREAM_QUEUE, streamHostQueue } from '../../domain/job/task-queues.js';
import { internalTokenOf } from '../../domain/stream/camera-seal.js';
import { createCameras } from '../../domain/stream/cameras.js';
import { dayEndOf } from '../../domain/stream/day-end.js';
import { LanePool } from '../../lanes/pool.js';
import { isLoopbackName } from '../../platform/loopback-host.js';
import { linkToParent } from '../../platform/parent-death.js';
import { connectIndexedClient } from '../../runtime/connect-servers.js';
import { readDiskSpace } from '../../platform/disk-space.js';
import type { Logger } from '../../runtime/logger.js';
import { createLaneMeter } from '../../runtime/metrics/lane-meter.js';
import { createStreamMeter } from '../../runtime/metrics/stream-meter.js';
import { TEMPORAL } from '../../runtime/server-names.js';
import { runProcess } from '../../runtime/run-process.js';
import { repeatUntil } from '../../runtime/repeat-until.js';
import { waitFor } from '../../runtime/wait-for.js';
import type { StartedProcess } from '../../runtime/worker-process.js';
import { createCameraHost } from '../../streams/create-camera-host.js';
import type { StreamJob, StreamResult } from '../../streams/lane-job.js';
import { endsAfterStop, runWorkers, SHUTDOWN_FORCE_MS, versionOptions } from '../run-worker.js';
import { type StartedWorker, startWorker } from '../start-worker.js';
import { createCameraDirectory } from './attached-cameras.js';
import { createCameraSettings, createClipEncoder } from './camera-settings.js';
import { createCameraSlots, type StreamSlots } from './camera-slots.js';
import { failLostActivities } from './fail-lost.js';
import { type InternalServerOptions, startInternalServer } from './internal-server.js';
import { createLiveRoutes } from './live-routes.js';
import { createCameraIndexer } from './index-cameras.js';
import { type SweepStreamsDeps, sweepStreamsUntil } from './sweep-streams.js';

const LANE = fileURLToPath(new URL('../../streams/lane-main.js', import.meta.url));
/** A lane reads the next frame while it infers one. */
const JOBS_PER_LANE = 2;
/** Slots of kinds of tasks that this worker has none of. */
const UNUSED = { type: 'fixed-size', numSlots: 2 } as const;

/** Starts the worker of the queue `stream` and of the queue of this host: it watches cameras. */
async function main(): Promise<void> {
  const started = await startWorker('stream-worker');
  const { config, process: worker, stores } = started;
  const key = expectCameraKey(config);
  const folder = join(config.scratchDir, 'stream-worker');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { client } = await connectIndexedClient(config, worker);
  const tokens = await openTaskTokens(join(folder, 'tokens'));
  await waitFor(worker, TEMPORAL, () => failLostActivities(client, tokens, worker.logger));

  const lanes = await createLanes(config, worker);
  const settings = await createCameraSettings(config, folder);
  const host = await createCameraHost({
    ...{ store: stores.objects, folder, lanes, logger: worker.logger },
    settings,
    meter: createStreamMeter([worker.registry]),
    turnsPerModel: config.lanes * JOBS_PER_LANE,
    alerts: {
      ...{ alerts: stores.documents.alerts, alertSender: createAlertSender(client) },
      pageUrl: config.pageUrl,
    },
    events: {
      ...{ events: stores.documents.streamEvents, objects: stores.objects },
      notifier: createStreamNotifier(client),
      encoder: await createClipEncoder(config, folder),
    },
  });
  const attached = createCameraDirectory();
  const served = { key, cameras: attached, liveRoutes: createLiveRoutes(settings) };
  const server = await startServer(config, served, worker.logger);
  const slots = createCameraSlots(config.streams.maxWorkers);
  const workers = await createWorkers(started, slots, {
    ...{ host, tokens, attached, address: server.address, slots },
    cameras: createCameras(stores.documents.cameras, key),
    models: createModelFiles(stores.objects, stores.models, join(config.scratchDir, 'models')),
    runs: createScenarioRuns(client),
    queues: createTaskQueues(client),
    hostQueue: streamHostQueue(await readHostId(folder)),
    dayEndOf: endOfDay(config),
    yieldCheckMs: config.timing.yieldCheckMs,
  });

  const stop = started.watchUntilStopped();
  const { keepBytes } = config.streams;
  const limits = { keepBytes, readDisk: diskOf(config) };
  const sweeping = { ...stores, ...limits, folder, host, logger: worker.logger };
  void sweepStreamsUntil(stop, sweeping, config.timing.streamsMs);
  const indexCameras = createCameraIndexer({ ...stores, logger: worker.logger });
  const indexing = {
    ...{ everyMs: config.timing.sightingsMs, logger: worker.logger },
    failure: 'sightings of cameras not stored, trying again',
  };
  void repeatUntil(stop, indexing, () => indexCameras(stop));
  await endsAfterStop(runWorkers(workers, stop, worker), stop, SHUTDOWN_FORCE_MS);
  await Promise.all([host.close(), server.close()]);
  await lanes.close();
  await started.disconnect();
}

/** Without the key, no camera can be watched. @throws AppError `INVALID_INPUT`. */
function expectCameraKey({ streams: { cameraKey } }: Config): string {
  if (cameraKey !== undefined) return cameraKey;
  throw new AppError(
    'INVALID_INPUT',
    'Invalid configuration: VIDETTE_CAMERA_KEY is not set, which seals the URLs of cameras. Set it ' +
      'to the value that the API and the other workers have.',
  );
}

/** Disk of the object store, if that is the one of this machine's stack. */
function diskOf({ objectStore, dataDir }: Config): SweepStreamsDeps['readDisk'] {
  const isLocal = isLoopbackName(new URL(objectStore.endpoint).hostname);
  return isLocal ? () => readDiskSpace(join(dataDir, 'objects')) : undefined;
}

async function createLanes(
  { device, lanes, laneTimeoutMs: timeoutMs, laneMemoryBytes: memoryBytes }: Config,
  { logger, registry }: StartedProcess,
): Promise<LanePool<StreamJob, StreamResult>> {
  const meter = createLaneMeter(registry, device);
  const pool = new LanePool<StreamJob, StreamResult>({
    ...{ entry: LANE, wrapper: await linkToParent('KILL'), env: environmentWithoutSecrets() },
    ...{ lanes, jobsPerLane: JOBS_PER_LANE, timeoutMs, memoryBytes, logger },
    factsOf: () => ({}),
    meter,
  });
  meter.watch(pool);
  return pool;
}

interface ServedCameras extends Pick<InternalServerOptions, 'cameras' | 'liveRoutes'> {
  readonly key: string;
}

function startServer(
  { streams: { host } }: Config,
  { key, ...options }: ServedCameras,
  logger: Logger,
) {
  return startInternalServer({ host, token: internalTokenOf(key), ...options, logger });
}

function endOfDay({ timing: { cameraDayMs } }: Config): WatchCameraDeps['dayEndOf'] {
  return cameraDayMs === undefined ? dayEndOf : (_, now) => now + cameraDayMs;
}

async function createWorkers(
  { config: { temporal, streams }, createWorker }: StartedWorker,
  { supplier }: StreamSlots,
  deps: WatchCameraDeps,
): Promise<Worker[]> {
  const activities = createStreamActivities(deps);
  const tuner: WorkerTuner = {
    ...{ workflowTaskSlotSupplier: UNUSED, localActivityTaskSlotSupplier: UNUSED },
    ...{ nexusTaskSlotSupplier: UNUSED, activityTaskSlotSupplier: supplier },
  };
  const anywhere = await createWorker({
    ...versionOptions(temporal),
    ...{ taskQueue: STREAM_QUEUE, activities, tuner, shutdownForceTime: SHUTDOWN_FORCE_MS },
  });
  // Unversioned: the queue belongs to this process, whatever its build.
  const here = await createWorker({
    ...{ taskQueue: deps.hostQueue, activities, shutdownForceTime: SHUTDOWN_FORCE_MS },
    maxConcurrentActivityTaskExecutions: streams.maxWorkers,
  });
  return [anywhere, here];
}

await runProcess(main);
