import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createModelRegistry } from '../../adapters/store/model-registry.js';
import type { RetrainOptions, Retraining, VidetteClient } from '../../client/index.js';
import { readConfig } from '../../config/index.js';
import { listCheckpoints } from '../../domain/retrain/checkpoint.js';
import { createProblem } from '../../models/train/head-problem.js';
import { createHeadTrainer, withNewClasses } from '../../models/train/head-trainer.js';
import { createRandom } from '../chaos/random.js';
import {
  listMlflowVersions,
  type MlflowServer,
  prepareMlflowIfPossible,
  startMlflow,
} from '../support/mlflow-server.js';
import { type LoneWorker, startLoneWorker } from '../support/lone-worker.js';
import { waitForRetraining, waitForRetrainingEnd } from '../support/retrainings.js';
import { startStack, type TestStack } from '../support/stack.js';
import { storeStripedDataset } from '../support/striped-dataset.js';
import { STRIPED_CLASSES } from '../support/training-folder.js';
import { publishLite0, LITE0 } from '../support/lite0.js';
import { clientOf } from '../support/vidette-client.js';

/** Number of kills; with more than the default, the model is registered in MLflow as well. */
const KILLS = Number(process.env.VIDETTE_RETRAIN_KILLS ?? 4);
const IS_LONG = KILLS > 4;
const MODEL = 'fish';
const UNDISTURBED = 'undisturbed';
const RULES = { decide: 'rule', gate: { min_test: 1 } } as const;
/**
 * Seconds that a training takes on this machine. It continues while the video worker is killed and
 * starts again, and each attempt needs one second until its first checkpoint.
 */
const TRAINING_S = IS_LONG ? 10 + 6 * KILLS : 18;
/** Images of each class. A longer training needs more of them, because its steps are limited. */
const PER_CLASS = IS_LONG ? 6 * KILLS : 12;
const MAX_STEPS = 100_000;
const MEASURED_MS = 2000;
/** Maximum time from the first step of an attempt to its kill, in milliseconds. */
const LATEST_MS = 2000;
/** Maximum time from the start of the promotion to the kill of the video worker, in milliseconds. */
const CLOSING_MS = 500;
/** Each kill of the trainer takes up to 40 s, of the video worker a few. */
const VICTIMS = [
  ...(['train_worker', 'video_worker'] as const),
  ...(IS_LONG ? [] : (['video_worker'] as const)),
];
/** A killed attempt is noticed after 10 s, and the next one waits for up to 30 s. */
const KILL_TAKES_MS = 60_000;

const python = IS_LONG ? await prepareMlflowIfPossible(readConfig().cacheDir) : undefined;

let stack: TestStack;
let mlflow: MlflowServer | undefined;
let client: VidetteClient;
let trainWorker: LoneWorker;
let videoWorker: LoneWorker;
let retrainId: string;
const random = createRandom(process.env.VIDETTE_CHAOS_SEED ?? '1');

/** Starts a worker without a supervisor, which would wait longer after each kill. */
const startWorker = (name: 'train_worker' | 'video_worker') =>
  startLoneWorker(name, {
    ...stack.settings,
    VIDETTE_SCRATCH_DIR: join(stack.folder, 'scratch', name),
  });

async function startVideoWorker(): Promise<void> {
  videoWorker = await startWorker('video_worker');
  while ((await videoWorker.readyz()).status !== 200) await sleep(50);
}

/** Highest stored step of the training; 0 before the first checkpoint. */
async function storedStep(): Promise<number> {
  return (await listCheckpoints(stack.objects, retrainId))[0]?.step ?? 0;
}

/** Resolves with the step at which the newest attempt of this worker started. */
async function startedAt(): Promise<number> {
  for (;;) {
    const record = trainWorker.records.find(({ msg }) => msg === 'training started');
    if (record) return Number(record['resumed_from'] ?? 0);
    await expectTraining();
    await sleep(20);
  }
}

/** The training must not end before its last kill. Without a video worker, its stage is unknown. */
async function expectTraining(): Promise<void> {
  const { stage, status } = await client.retrainings.get(MODEL);
  expect(status).toBe('processing');
  expect(['opening', 'training']).toContain(stage);
}

/** Kills the train worker amid an attempt; returns the steps that the next one must not repeat. */
async function killTrainer(): Promise<number> {
  const from = await startedAt();
  await expect.poll(storedStep, { timeout: 60_000, interval: 20 }).toBeGreaterThan(from);
  await sleep(random.between(0, LATEST_MS));
  await expectTraining();
  trainWorker.child.kill('SIGKILL');
  const stored = await storedStep();
  trainWorker = await startWorker('train_worker');
  return stored;
}

async function killVideoWorker(latestMs = LATEST_MS): Promise<void> {
  await sleep(random.between(0, latestMs));
  videoWorker.child.kill('SIGKILL');
  await startVideoWorker();
}

/** Kills the video worker while it promotes the challenger and registers it in MLflow. */
async function killWhileClosing(): Promise<void> {
  await waitForRetraining(client, MODEL, ({ stage }) => stage === 'closing');
  await killVideoWorker(CLOSING_MS);
}

/** Number of steps of the training that this machine takes in {@link TRAINING_S}. */
function chooseSteps(): number {
  const [size, known, added] = [1280, 1000, STRIPED_CLASSES.length];
  const images = (added * PER_CLASS * 2) / 3;
  const rows = new Float64Array(known * size).map((_, i) => Math.sin(i) / 100);
  const weights = withNewClasses({ size, rows, offsets: new Float64Array(known) }, added);
  const features = new Float32Array(images * size).map((_, i) => Math.abs(Math.sin(i * 7)));
  const targets = Array.from({ length: images }, (_, i) => known + (i % added));
  const trainer = createHeadTrainer(createProblem({ features, targets }, weights), { l2: 1e-4 });
  // Processor time, because other processes may slow down this measurement and not the training.
  const start = process.cpuUsage();
  let state = trainer.start();
  while (process.cpuUsage(start).user < MEASURED_MS * 1000) state = trainer.step(state);
  return Math.min(MAX_STEPS, Math.round((state.step * TRAINING_S * 1000) / MEASURED_MS));
}

async function retrain(model: string, options: RetrainOptions): Promise<Retraining> {
  await client.retrainings.start(model, options, 'anna');
  return waitForRetrainingEnd(client, model);
}

describe.skipIf(!existsSync(LITE0))('a retraining whose workers are killed', () => {
  beforeAll(async () => {
    mlflow = python === undefined ? undefined : await startMlflow(python);
    const settings = { VIDETTE_TRAIN: 'false', ...(mlflow && { MLFLOW_URI: mlflow.uri }) };
    stack = await startStack(settings, [], undefined, ['detect_worker']);
    await startVideoWorker();
    client = clientOf(stack);
    for (const name of [MODEL, UNDISTURBED]) {
      await publishLite0(stack.objects, name);
      await storeStripedDataset(stack.objects, name, PER_CLASS);
    }
    trainWorker = await startWorker('train_worker');
  });
  afterAll(async () => {
    await trainWorker?.stop();
    await videoWorker?.stop();
    await stack?.close();
    await mlflow?.stop();
  });

  it(
    `publishes one version with the same bytes after ${KILLS} kills`,
    async () => {
      const options = { ...RULES, params: { steps: chooseSteps() } };
      const expected = await retrain(UNDISTURBED, options);
      expect(expected).toMatchObject({ outcome: 'promoted', trained: { attempt: 1 } });
      await trainWorker.stop();
      trainWorker = await startWorker('train_worker');

      await client.retrainings.start(MODEL, options, 'anna');
      await expect
        .poll(async () => (await client.retrainings.get(MODEL)).stage, { interval: 20 })
        .toBe('training');
      retrainId = (await client.retrainings.get(MODEL)).retrain_id!;
      let trainerKills = 0;
      for (let kill = 0; kill < KILLS; kill++) {
        // The last one is of the trainer, so that the end is that of a resumed training.
        if (kill < KILLS - 1 && random.pick(VICTIMS) === 'video_worker') {
          await killVideoWorker();
          continue;
        }
        const stored = await killTrainer();
        trainerKills++;
        const resumed = await startedAt();
        expect(resumed).toBeGreaterThanOrEqual(stored);
        console.log(`kill ${kill + 1}: resumed at step ${resumed}, stored ${stored}`);
      }
      if (mlflow) await killWhileClosing();
      const done = await waitForRetrainingEnd(client, MODEL);
      expect(done).toMatchObject({ status: 'ready', outcome: 'promoted', version: 2 });
      expect(done.trained!.sha256).toBe(expected.trained!.sha256);
      expect(done.trained!.attempt).toBeGreaterThan(trainerKills);
      const models = createModelRegistry(stack.objects);
      expect((await models.resolve(MODEL)).version).toBe(2);
      expect(await models.resolve(`${MODEL}@champion`)).toMatchObject({
        sha256: expected.trained!.sha256,
      });
      expect(await listCheckpoints(stack.objects, retrainId)).toEqual([]);
      if (mlflow) expect(await listMlflowVersions(mlflow.uri, MODEL)).toEqual(['1']);
      console.log(
        `${trainerKills} kills of the train worker, ${KILLS - trainerKills} of the video`,
      );
    },
    120_000 + KILLS * KILL_TAKES_MS,
  );
});
