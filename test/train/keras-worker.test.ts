import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createModelRegistry } from '../../adapters/store/model-registry.js';
import type { RetrainOptions, Retraining, VidetteClient } from '../../client/index.js';
import { BUCKETS, keys } from '../../domain/names.js';
import { listCheckpoints } from '../../domain/retrain/checkpoint.js';
import { retrainWorkflowIdOf } from '../../domain/workflow-ids.js';
import {
  KERAS_WORKER,
  type KerasWorker,
  prepareKeras,
  startKerasWorker,
} from '../support/keras-worker.js';
import { LITE0, publishLite0 } from '../support/lite0.js';
import { startLoneWorker } from '../support/lone-worker.js';
import { waitForRetraining, waitForRetrainingEnd } from '../support/retrainings.js';
import { startStack, type TestStack } from '../support/stack.js';
import { storeStripedDataset } from '../support/striped-dataset.js';
import { clientOf } from '../support/vidette-client.js';

const [KILLED, UNDISTURBED, DAMAGED] = ['killed', 'undisturbed', 'damaged'] as const;
const RULES = { trainer: 'command', decide: 'rule', gate: { min_test: 1 } } as const;
const PARAMS = { steps: 150, batch: 8, checkpoint_s: 0.2 };
/** Steps of a training that does not end before it is cancelled. */
const MANY_STEPS = 1_000_000;
const TEST_MS = 600_000;

const python = await prepareKeras();
let stack: TestStack;
let client: VidetteClient;
let worker: KerasWorker;

const scratch = () => join(stack.folder, 'keras');
const startWorker = () =>
  startKerasWorker(python!, { ...stack.settings, VIDETTE_SCRATCH_DIR: scratch() }); // else skipped

async function start(model: string, options: RetrainOptions): Promise<void> {
  const { started } = await client.retrainings.start(model, { ...RULES, ...options }, 'anna');
  expect(started).toBe(true);
}

async function retrain(model: string, options: RetrainOptions): Promise<Retraining> {
  await start(model, options);
  return waitForRetrainingEnd(client, model);
}

const waitForStep = (model: string, step: number) =>
  waitForRetraining(client, model, ({ training }) => (training?.step ?? 0) > step);

describe.skipIf(python === undefined || !existsSync(LITE0))(
  'a worker that trains with Keras',
  () => {
    beforeAll(async () => {
      stack = await startStack({ VIDETTE_TRAIN: 'false' });
      client = clientOf(stack);
      for (const name of [KILLED, UNDISTURBED, DAMAGED]) {
        await publishLite0(stack.objects, name);
        await storeStripedDataset(stack.objects, name);
      }
      worker = await startWorker();
    });
    afterAll(async () => {
      await worker?.stop();
      await stack?.close();
    });

    it(
      'continues from a checkpoint after a SIGKILL, and its challenger is promoted',
      async () => {
        await start(KILLED, { params: PARAMS });
        const training = await waitForStep(KILLED, 10);
        expect(training).toMatchObject({ status: 'processing', stage: 'training' });
        worker.child.kill('SIGKILL');
        const stored = (await listCheckpoints(stack.objects, training.retrain_id!))[0]!.step;
        worker = await startWorker();
        const done = await waitForRetrainingEnd(client, KILLED);
        expect(done).toMatchObject({ error: null, outcome: 'promoted', version: 2 });
        expect(done.trained).toMatchObject({ attempt: 2, metrics: { continues_base: 0 } });
        expect(done.trained!.resumed_from).toBeGreaterThanOrEqual(stored);
        expect(done.trained!.resumed_from).toBeLessThan(PARAMS.steps);
        expect(done.verdict).toMatchObject({ gate: 'pass', reasons: [] });
        expect(done.comparison).toMatchObject({ champion: { value: 0 }, challenger: { value: 1 } });
        const champion = await createModelRegistry(stack.objects).resolve(`${KILLED}@champion`);
        expect(champion).toMatchObject({ version: 2, sha256: done.trained!.sha256 });
        expect([...champion.labels].sort()).toEqual(['green', 'red', 'форель']);
        expect(await listCheckpoints(stack.objects, done.retrain_id!)).toEqual([]);
        expect(await readdir(join(scratch(), 'attempts'))).toEqual([]);
      },
      TEST_MS,
    );

    it(
      'continues the network of a base that it has trained',
      async () => {
        // Few test images make a wide interval, also around two equal models.
        const done = await retrain(KILLED, {
          params: { steps: 3 },
          gate: { ...RULES.gate, margin: 0.5 },
        });
        expect(done.verdict).toMatchObject({ gate: 'pass', reasons: [] });
        expect(done).toMatchObject({ error: null, base: { version: 2 }, version: 3 });
        expect(done.comparison).toMatchObject({ champion: { value: 1 }, challenger: { value: 1 } });
        expect(done.trained).toMatchObject({ attempt: 1, resumed_from: null });
        expect(done.trained!.metrics).toMatchObject({ continues_base: 1, train_accuracy: 1 });
      },
      TEST_MS,
    );

    it(
      'ends a training that is cancelled, and its trainer with it',
      async () => {
        await start(UNDISTURBED, { params: { ...PARAMS, steps: MANY_STEPS } });
        await waitForStep(UNDISTURBED, 1);
        expect(await readdir(join(scratch(), 'attempts'))).toHaveLength(1);
        await stack.client.workflow.getHandle(retrainWorkflowIdOf(UNDISTURBED)).cancel();
        const ended = await waitForRetrainingEnd(client, UNDISTURBED);
        expect(ended.status).toBe('cancelled');
        await expect.poll(() => readdir(join(scratch(), 'attempts'))).toEqual([]);
      },
      TEST_MS,
    );

    it.each([
      [{ params: { epochs: 3 } }, 'unknown parameter epochs'],
      [{ limits: { pictures: 3 } }, 'has 24 images for training and validation; the limit is 3'],
      [{ limits: { seconds: 1 } }, 'took longer than 1 s'],
      [{ limits: { memory_mb: 64 } }, 'needs more than 64 MiB'],
    ])('fails for good with the reason: %j', async (options, reason) => {
      const failed = await retrain(UNDISTURBED, options);
      expect(failed).toMatchObject({ status: 'failed', trained: null });
      expect(failed.error).toContain(reason);
    });

    it('refuses a data set whose items were changed', async () => {
      const key = keys.datasetItems(DAMAGED, 1);
      const text = (await stack.objects.get(BUCKETS.datasets, key)).toString();
      await stack.objects.put(
        BUCKETS.datasets,
        key,
        text.replace('"label":"red"', '"label":"green"'),
      );
      const failed = await retrain(DAMAGED, {});
      expect(failed).toMatchObject({ status: 'failed', trained: null });
      expect(failed.error).toContain(`The items of data set ${DAMAGED}@1 were changed`);
    });

    it(
      'makes the same bytes as its trainer by VIDETTE_TRAIN_COMMAND, without a kill',
      async () => {
        await worker.stop();
        const own = await startLoneWorker('train_worker', {
          ...stack.settings,
          VIDETTE_SCRATCH_DIR: join(stack.folder, 'train'),
          VIDETTE_TRAIN_COMMAND: `env PYTHONPATH='${KERAS_WORKER}' PYTHONDONTWRITEBYTECODE=1 '${python!}' -m vidette_train.trainer`, // else skipped
        });
        try {
          const done = await retrain(UNDISTURBED, { params: PARAMS });
          expect(done).toMatchObject({ error: null, outcome: 'promoted' });
          expect(done.trained).toMatchObject({ attempt: 1, resumed_from: null });
          const registry = createModelRegistry(stack.objects);
          const { sha256 } = await registry.resolve(`${KILLED}@2`);
          expect(done.trained!.sha256).toBe(sha256);
        } finally {
          await own.stop();
        }
      },
      TEST_MS,
    );
  },
);
