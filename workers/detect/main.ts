import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Worker } from '@temporalio/worker';
import { createDetectActivities } from '../../activities/index.js';
import { createPlanReader } from '../../activities/plan-reader.js';
import { environmentWithoutSecrets, STORE_SECRETS } from '../../config/secrets.js';
import { linkToParent } from '../../platform/parent-death.js';
import { createScratch } from '../../adapters/scratch/scratch-folder.js';
import { createSourceCache } from '../../adapters/scratch/source-cache.js';
import type { Config } from '../../config/index.js';
import type { ModelRegistry } from '../../domain/ports/model-registry.js';
import type { SourceCache } from '../../domain/ports/scratch.js';
import { DETECT_QUEUES, type Device } from '../../domain/job/task-queues.js';
import { inFlightFacts } from '../../detection/in-flight-marker.js';
import {
  createWorkerLanes,
  type WorkerJob,
  type WorkerResult,
} from '../../detection/worker-lanes.js';
import { LanePool } from '../../lanes/pool.js';
import { createDatasetStore } from '../../adapters/store/dataset-store.js';
import { createModelFiles } from '../../adapters/store/model-file-cache.js';
import { watchModelAvailability, type ModelAvailability } from './model-availability.js';
import { sweepSourcesUntil } from '../sweep-sources.js';
import { traceLanes } from '../trace-ports.js';
import { type GpuAvailability, watchGpuAvailability } from './gpu-availability.js';
import { pollWhileAvailable } from './poll-while-available.js';
import {
  endsAfterStop,
  SHUTDOWN_FORCE_MS,
  SHUTDOWN_GRACE_MS,
  versionOptions,
} from '../run-worker.js';
import { type StartedWorker, startWorker } from '../start-worker.js';
import { createDetectionMeter } from '../../runtime/metrics/detection-meter.js';
import { createFfmpegMeter } from '../../runtime/metrics/ffmpeg-meter.js';
import { createLaneMeter } from '../../runtime/metrics/lane-meter.js';
import { runProcess } from '../../runtime/run-process.js';
import { waitFor } from '../../runtime/wait-for.js';
import type { StartedProcess, WorkerProcess } from '../../runtime/worker-process.js';

const LANE = fileURLToPath(new URL('../../detection/lane-main.js', import.meta.url));
/** A lane reads the frames of the next range while it infers one. */
const JOBS_PER_LANE = 2;
/** Longer than any range takes: a worker that pauses because of one model finishes all ranges. */
const DRAIN_TIME = '1h';

type WorkerPool = LanePool<WorkerJob, WorkerResult>;
type Deps = Awaited<ReturnType<typeof createDeps>>;

/** Starts the worker of one detect queue: it polls and supervises; its lanes detect. */
async function main(): Promise<void> {
  const started = await startWorker('detect-worker');
  const { config, process: worker } = started;
  const deps = await createDeps(started);
  const availability = watchModels(config, deps, worker);
  const loadDefault = async () => {
    const { name, version, sha256 } = await deps.models.resolve(config.model);
    await lanes.load(await deps.files.fetch({ name, version, sha256 }));
  };
  const gpu = watchGpu(config, loadDefault, worker);
  const lanes = await createLanes(config, worker, gpu);
  // The worker polls only after the default model has run on its device.
  await waitFor(worker, `model on ${config.device}`, loadDefault);
  const stop = started.watchUntilStopped();
  void sweepSourcesUntil(stop, { ...deps, logger: worker.logger }, config.timing.sourcesMs);
  const ending = endWork(stop, lanes);
  const createWorker = () => createDetectWorker(started, deps, { availability, lanes, ending });
  const polling = pollWhileAvailable(worker, {
    ...{ createWorker, stop },
    required: [availability, gpu],
  });
  await endsAfterStop(polling, stop, SHUTDOWN_FORCE_MS);
  await lanes.close();
  await started.disconnect();
}

async function createDeps({ config, process: worker, stores }: StartedWorker) {
  const { scratchDir, device, scratchLimitBytes, sourceCacheBytes } = config;
  const folder = join(scratchDir, 'detect-worker');
  return {
    ...stores,
    device,
    detectionMeter: createDetectionMeter(worker.registry),
    plans: createPlanReader(stores.objects),
    datasets: createDatasetStore(stores.objects),
    scratch: await createScratch(folder, scratchLimitBytes),
    sources: createSourceCache(stores.objects, join(scratchDir, 'sources'), sourceCacheBytes),
    files: createModelFiles(stores.objects, stores.models, join(scratchDir, 'models')),
  };
}

function watchModels(
  { device, timing: { retryMs } }: Config,
  { files, models }: { readonly files: Deps['files']; readonly models: ModelRegistry },
  { logger, readiness }: WorkerProcess,
): ModelAvailability {
  const onUnavailable = reportNotReady(device, readiness);
  return watchModelAvailability(files, models, { logger, onUnavailable, retryMs });
}

function watchGpu(
  { device, timing: { retryMs } }: Config,
  load: () => Promise<void>,
  { logger, readiness }: WorkerProcess,
): GpuAvailability {
  const onUnavailable = reportNotReady(device, readiness);
  return watchGpuAvailability({ load, logger, onUnavailable, retryMs });
}

function reportNotReady(device: Device, readiness: WorkerProcess['readiness']) {
  return (reason: string) =>
    readiness.notReady(`takes no activities of ${DETECT_QUEUES[device]}: ${reason}`);
}

async function createLanes(
  { device, lanes, laneTimeoutMs: timeoutMs, laneMemoryBytes: memoryBytes }: Config,
  { logger, registry }: StartedProcess,
  { onUnserved }: GpuAvailability,
): Promise<WorkerPool> {
  const options = {
    ...{ entry: LANE, wrapper: await linkToParent('KILL'), jobsPerLane: JOBS_PER_LANE },
    env: environmentWithoutSecrets(STORE_SECRETS),
  };
  const meter = createLaneMeter(registry, device, createFfmpegMeter([registry]));
  const pool = new LanePool<WorkerJob, WorkerResult>({
    ...options,
    meter,
    lanes,
    timeoutMs,
    memoryBytes,
    logger,
    factsOf: inFlightFacts,
    onUnserved,
  });
  meter.watch(pool);
  return pool;
}

/**
 * Closes the lanes when the grace period after `stop` is over, so that Temporal gives their ranges to
 * other workers; returns the signal that ends downloads at that time.
 */
function endWork(stop: AbortSignal, lanes: WorkerPool): AbortSignal {
  const ending = new AbortController();
  const end = () => {
    ending.abort();
    void lanes.close();
  };
  stop.addEventListener('abort', () => setTimeout(end, SHUTDOWN_GRACE_MS).unref(), { once: true });
  return ending.signal;
}

interface WorkerParts {
  readonly availability: ModelAvailability;
  readonly lanes: WorkerPool;
  readonly ending: AbortSignal;
}

function createDetectWorker(
  { config: { device, lanes, temporal }, createWorker, tracing }: StartedWorker,
  deps: Deps,
  { availability, lanes: pool, ending }: WorkerParts,
): Promise<Worker> {
  const sources: SourceCache = {
    ...deps.sources,
    link: (source, into, signal, onDownload) =>
      deps.sources.link(source, into, AbortSignal.any([signal, ending]), onDownload),
  };
  return createWorker({
    shutdownGraceTime: DRAIN_TIME,
    ...versionOptions(temporal),
    taskQueue: DETECT_QUEUES[device],
    activities: createDetectActivities({
      ...deps,
      sources,
      models: availability.files,
      lanes: traceLanes(createWorkerLanes(pool), tracing),
    }),
    maxConcurrentActivityTaskExecutions: lanes * JOBS_PER_LANE,
  });
}

await runProcess(main);
