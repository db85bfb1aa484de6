import { join } from 'node:path';
import type { Worker } from '@temporalio/worker';
import { createHostActivities, createVideoActivities } from '../../activities/index.js';
import { createPlanReader } from '../../activities/plan-reader.js';
import { createGuardedPost } from '../../adapters/download/guarded-post.js';
import { createVideoRenderer } from '../../adapters/ffmpeg/video-renderer.js';
import { createVideoTools } from '../../adapters/ffmpeg/video-tools.js';
import { createImageDescriber } from '../../adapters/image/image-describer.js';
import { createSmtpMailer } from '../../adapters/mail/smtp-mailer.js';
import { createMlflowRegistrar } from '../../adapters/mlflow/register.js';
import { createScratch, type MeasuredScratch } from '../../adapters/scratch/scratch-folder.js';
import { createSourceCache } from '../../adapters/scratch/source-cache.js';
import { listZip } from '../../adapters/zip/list-zip.js';
import { createDatasetStore } from '../../adapters/store/dataset-store.js';
import { createPartUploads } from '../../adapters/store/minio-part-uploads.js';
import { createAlertSender } from '../../adapters/temporal/alert-sender.js';
import { createClosedRuns } from '../../adapters/temporal/closed-runs.js';
import { createJobEndNotifier } from '../../adapters/temporal/job-end-notifier.js';
import { createStreamNotifier } from '../../adapters/temporal/stream-notifier.js';
import { createJobRuns } from '../../adapters/temporal/job-runs.js';
import { applyRetention } from '../../adapters/temporal/retention-schedule.js';
import { missingSearchAttributes } from '../../adapters/temporal/search-attributes.js';
import { createWorkerDirectory } from '../../adapters/temporal/worker-directory.js';
import type { Config } from '../../config/index.js';
import { environmentWithoutSecrets } from '../../config/secrets.js';
import { hostQueue, VIDEO_QUEUE } from '../../domain/job/task-queues.js';
import type { StoredZip } from '../../domain/image-batch/listed-image.js';
import { createCameras } from '../../domain/stream/cameras.js';
import { classIdsOf } from '../../models/class-ids.js';
import { bytesIn } from '../../platform/bytes-in.js';
import { connectIndexedClient } from '../../runtime/connect-servers.js';
import { createFfmpegMeter } from '../../runtime/metrics/ffmpeg-meter.js';
import { createJobMeter } from '../../runtime/metrics/job-meter.js';
import { addScratchGauges } from '../../runtime/metrics/scratch-gauges.js';
import { TEMPORAL } from '../../runtime/server-names.js';
import { runProcess } from '../../runtime/run-process.js';
import { waitFor } from '../../runtime/wait-for.js';
import { runWorkers, SHUTDOWN_FORCE_MS, SHUTDOWN_GRACE_MS, versionOptions } from '../run-worker.js';
import { type StartedWorker, startWorker } from '../start-worker.js';
import { traceRenderer, traceTools } from '../trace-ports.js';
import { workflowBundle } from '../workflow-bundle.js';
import { sweepSourcesUntil } from '../sweep-sources.js';
import { createTrainWorker } from '../train/train-worker.js';
import { sweepUntil } from './sweeper.js';

type Deps = Awaited<ReturnType<typeof createDeps>>;

/** Starts the worker of the queue `video` (workflows and activities) and of the queue of this host. */
async function main(): Promise<void> {
  const started = await startWorker('video-worker');
  const { config, process: worker } = started;
  const connected = await connectIndexedClient(config, worker);
  const deps = await createDeps(started, connected);
  measureScratch(started, deps.scratch);
  const workers = await createWorkers(started, deps);
  await waitFor(worker, TEMPORAL, () => applyRetention(connected.client, config.retention));
  const stop = started.watchUntilStopped();
  const { sweepMs, sourcesMs } = config.timing;
  const sweeping = { ...deps, logger: worker.logger };
  void sweepUntil(stop, sweeping, sweepMs);
  void sweepSourcesUntil(stop, sweeping, sourcesMs);
  await runWorkers(workers, stop, worker);
  await started.disconnect();
}

async function createDeps(
  { config, process: worker, stores, tracing, payloadsEncrypted }: StartedWorker,
  { client, connection }: Awaited<ReturnType<typeof connectIndexedClient>>,
) {
  const { namespace } = config.temporal;
  const folder = join(config.scratchDir, 'video-worker');
  const sources = sourcesFolder(config);
  const registers = [worker.registry];
  const onRun = createFfmpegMeter(registers);
  return {
    ...stores,
    payloadsEncrypted,
    datasets: createDatasetStore(stores.objects),
    keptImages: stores.documents.keptImages,
    describeImage: createImageDescriber({ env: environmentWithoutSecrets() }).describe,
    plans: createPlanReader(stores.objects),
    workers: createWorkerDirectory(client),
    closedRuns: createClosedRuns(client),
    jobEndNotifier: createJobEndNotifier(client),
    streamNotifier: createStreamNotifier(client),
    jobRuns: createJobRuns(client),
    partUploads: createPartUploads(config.objectStore),
    defaultModel: config.model,
    defaultFps: config.streams.fps,
    cameras: createCameras(stores.documents.cameras, config.streams.cameraKey),
    window: config.window,
    pageUrl: config.pageUrl,
    missingSearchAttributes: () => missingSearchAttributes(connection, namespace),
    checkClasses: classIdsOf,
    classIdsOf,
    registrar: config.mlflow && createMlflowRegistrar(config.mlflow),
    listZip: (zip: StoredZip, signal: AbortSignal) => listZip(stores.objects, zip, signal),
    post: createGuardedPost(config.download),
    webhookSecret: config.webhook.secret,
    alertSender: createAlertSender(client),
    ...channelsOf(config),
    scratch: await createScratch(folder, config.scratchLimitBytes),
    sources: createSourceCache(stores.objects, sources, config.sourceCacheBytes),
    tools: traceTools(await createVideoTools(config.ffmpeg, folder, onRun), tracing),
    renderer: traceRenderer(
      await createVideoRenderer(config.ffmpeg, folder, config.scratchLimitBytes, onRun),
      tracing,
    ),
    jobMeter: createJobMeter(registers),
  };
}

/** Channels of alerts with servers that the settings name. */
function channelsOf({ alerts, download }: Config) {
  const { ntfyUrl, ntfyToken, smtpUrl, mailFrom } = alerts;
  const post = createGuardedPost({ ...download, allowPrivateAddresses: true });
  const hasMail = smtpUrl !== undefined && mailFrom !== undefined;
  return {
    ntfy: { url: ntfyUrl, token: ntfyToken, post },
    mailer: hasMail ? createSmtpMailer({ url: smtpUrl, from: mailFrom }) : undefined,
  };
}

function sourcesFolder({ scratchDir }: Config): string {
  return join(scratchDir, 'sources');
}

function measureScratch(
  { config, process: { registry } }: StartedWorker,
  { usedBytes }: MeasuredScratch,
): void {
  const { scratchDir, scratchLimitBytes, sourceCacheBytes } = config;
  addScratchGauges([registry], scratchDir, {
    frames: { limitBytes: scratchLimitBytes, usedBytes },
    sources: { limitBytes: sourceCacheBytes, usedBytes: () => bytesIn(sourcesFolder(config)) },
  });
}

async function createWorkers(started: StartedWorker, deps: Deps): Promise<Worker[]> {
  const {
    config: { temporal, cores, train },
    createWorker,
  } = started;
  const { payloadsEncrypted } = deps;
  const codePath = workflowBundle({ payloadsEncrypted, traced: started.tracing !== undefined });
  const limits = {
    shutdownGraceTime: SHUTDOWN_GRACE_MS,
    shutdownForceTime: SHUTDOWN_FORCE_MS,
    maxConcurrentActivityTaskExecutions: cores.count + 2,
  };
  const anywhere = await createWorker({
    ...limits,
    ...versionOptions(temporal),
    taskQueue: VIDEO_QUEUE,
    workflowBundle: { codePath },
    activities: createVideoActivities(deps),
    maxCachedWorkflows: 200,
    // After a crash of its worker, a workflow waits this long before another worker takes it.
    stickyQueueScheduleToStartTimeout: '3s',
  });
  // Unversioned: the queue belongs to this process, whatever its build.
  const host = await createWorker({
    ...limits,
    taskQueue: hostQueue(deps.scratch.hostId),
    activities: createHostActivities(deps),
  });
  return [anywhere, host, ...(train.enabled ? [await createTrainWorker(started)] : [])];
}

await runProcess(main);
