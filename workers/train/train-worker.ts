import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Worker } from '@temporalio/worker';
import { createTrainActivities } from '../../activities/index.js';
import { availableFences } from '../../adapters/ffmpeg/launcher.js';
import { createScratch } from '../../adapters/scratch/scratch-folder.js';
import { createDatasetStore } from '../../adapters/store/dataset-store.js';
import { createModelFiles } from '../../adapters/store/model-file-cache.js';
import { createTrainerRunner } from '../../adapters/train/trainer-process.js';
import { environmentWithoutSecrets } from '../../config/secrets.js';
import { TRAIN_QUEUE } from '../../domain/job/task-queues.js';
import { linkToParent } from '../../platform/parent-death.js';
import { SHUTDOWN_FORCE_MS, SHUTDOWN_GRACE_MS, versionOptions } from '../run-worker.js';
import type { StartedWorker } from '../start-worker.js';

/** Trainer of last layers, in a process of its own. */
const HEAD_TRAINER = fileURLToPath(new URL('../../models/train/head-main.js', import.meta.url));

/** Prefix of a command that takes its network away; empty where that is not allowed. */
async function withoutNetwork(): Promise<readonly string[]> {
  return (await availableFences()).includes('unshare') ? ['unshare', '-rn'] : [];
}

/** Creates the worker of the queue `train`, for one training at a time. */
export async function createTrainWorker({
  config: { temporal, train, scratchDir, scratchLimitBytes },
  stores: { objects, models },
  createWorker,
}: StartedWorker): Promise<Worker> {
  const trainers = createTrainerRunner({
    head: [process.execPath, HEAD_TRAINER],
    command: train.command,
    wrapper: [...(await withoutNetwork()), ...(await linkToParent('KILL'))],
    env: environmentWithoutSecrets(),
  });
  const activities = createTrainActivities({
    ...{ objects, trainers, datasets: createDatasetStore(objects) },
    models: createModelFiles(objects, models, join(scratchDir, 'models')),
    scratch: await createScratch(join(scratchDir, 'train-worker'), scratchLimitBytes),
  });
  return createWorker({
    shutdownGraceTime: SHUTDOWN_GRACE_MS,
    shutdownForceTime: SHUTDOWN_FORCE_MS,
    ...versionOptions(temporal),
    taskQueue: TRAIN_QUEUE,
    activities,
    maxConcurrentActivityTaskExecutions: 1,
  });
}
