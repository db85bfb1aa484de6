import { createWriteStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createModelRegistry } from '../../adapters/store/model-registry.js';
import type { Retraining, VidetteClient } from '../../client/index.js';
import { ownEnvironment } from '../../config/index.js';
import { BUCKETS, keys } from '../../domain/names.js';
import { projectFile } from '../../platform/package-root.js';
import { apiAt, json } from '../support/api.js';
import {
  publishDetector,
  REFERENCE_IMAGES,
  storeDetectorDataset,
} from '../support/detector-dataset.js';
import { LITE0, publishLite0 } from '../support/lite0.js';
import { type LoneWorker, startLoneWorker } from '../support/lone-worker.js';
import { waitForRetraining, waitForRetrainingEnd } from '../support/retrainings.js';
import { connectSharedStack, type SharedConnection } from '../support/shared-stack.js';
import { writeShiftTrainer } from '../support/shift-trainer.js';
import { storeStripedDataset } from '../support/striped-dataset.js';
import { clientOf } from '../support/vidette-client.js';

const MODEL = 'retrain-fish';
const OTHER = 'retrain-other';
const DETECTOR = 'retrain-detector';
/** Data set whose groups fall into the parts for training and for the test. */
const BUILT = 'retrain-detector-built';
/** Steps of a training that takes some seconds. */
const STEPS = 8000;

let stack: SharedConnection;
let client: VidetteClient;
let command: string;
/** The only worker of the queue `train`: a second one would take over what is to be resumed. */
let worker: LoneWorker;

const startWorker = () =>
  startLoneWorker('train_worker', {
    ...stack.settings,
    VIDETTE_SCRATCH_DIR: join(stack.folder, 'train'),
    VIDETTE_TRAIN_COMMAND: command,
  });

function cli(...args: readonly string[]) {
  const env = { ...ownEnvironment(), ...stack.settings, VIDETTE_DATA_DIR: stack.folder };
  const command = [projectFile('dist/cli/main.js'), 'retrain', ...args, '--json'];
  return execa(process.execPath, command, { env, stdin: 'ignore', reject: false });
}

const waitUntil = (model: string, isMet: (retraining: Retraining) => boolean) =>
  waitForRetraining(client, model, isMet);

beforeAll(async () => {
  stack = await connectSharedStack();
  client = clientOf(stack);
  for (const bucket of [BUCKETS.pictures, BUCKETS.datasets])
    await stack.objects.ensureBucket(bucket);
  command = await writeShiftTrainer(stack.folder);
  worker = await startWorker();
});
afterAll(async () => {
  await worker?.stop();
  await stack?.close();
});

describe.skipIf(!existsSync(LITE0))('a retraining', () => {
  beforeAll(async () => {
    for (const name of [MODEL, OTHER]) {
      await publishLite0(stack.objects, name);
      await storeStripedDataset(stack.objects, name);
    }
  });

  it('has the same bytes after a SIGKILL of its worker, and is promoted by a person', async () => {
    const options = { params: { steps: STEPS } };
    const started = await client.retrainings.start(MODEL, options, 'anna');
    expect(started).toEqual({ model: MODEL, workflow_id: `retrain/${MODEL}`, started: true });
    expect((await client.retrainings.start(MODEL, options, 'anna')).started).toBe(false);
    const early = client.retrainings.decide(MODEL, { promote: true, by: 'anna', reason: 'early' });
    await expect(early).rejects.toMatchObject({ code: 'RETRAIN_NOT_WAITING' });
    const training = await waitUntil(MODEL, (state) => (state.training?.step ?? 0) > 24);
    expect(training.stage).toBe('training');
    worker.child.kill('SIGKILL');
    worker = await startWorker();
    const waiting = await waitUntil(MODEL, ({ stage }) => stage === 'waiting');
    expect(waiting).toMatchObject({ status: 'processing', version: 2, trained: { attempt: 2 } });
    expect(waiting.trained!.resumed_from).toBeGreaterThanOrEqual(training.training!.step);
    expect(waiting.comparison).toMatchObject({ images: 12, champion: { value: 0 } });
    expect(waiting.comparison!.challenger.value).toBe(1);
    expect(waiting.verdict!.gate).toBe('unsure');

    const decision = { promote: true, reason: 'knows the stripes' };
    const decided = await apiAt(stack.apiUrl).post(`/models/${MODEL}/retrain/decision`, decision);
    expect(decided.status).toBe(200);
    const done = await waitUntil(MODEL, ({ status }) => status === 'ready');
    expect(done).toMatchObject({ stage: 'done', decision });
    const champion = await createModelRegistry(stack.objects).resolve(`${MODEL}@champion`);
    expect(champion).toMatchObject({ version: 2, sha256: done.trained!.sha256 });
    const { changes } = await client.models.history(MODEL);
    expect(changes[0]).toMatchObject({ action: 'promote', version: 2 });
    expect(changes[0]!.reason).toContain('1.000 on 12 test images, version 1 0.000');
    const report = await stack.objects.get(BUCKETS.results, keys.retrainReport(done.retrain_id!));
    expect(JSON.parse(report.toString())).toMatchObject({ version: 2, decision });

    await client.retrainings.start(OTHER, { ...options, decide_within_s: 1 }, null);
    const undisturbed = await waitUntil(OTHER, ({ status }) => status === 'ready');
    expect(undisturbed.trained).toMatchObject({ attempt: 1, resumed_from: null });
    expect(undisturbed.trained!.sha256).toBe(done.trained!.sha256);
    expect(undisturbed.decision).toMatchObject({ promote: false, by: 'deadline' });
    await expect(createModelRegistry(stack.objects).resolve(`${OTHER}@champion`)).rejects.toThrow(
      'no alias',
    );
  });

  it('ends with who promoted its challenger elsewhere, and leaves the champion as it is', async () => {
    await client.retrainings.start(OTHER, { params: { steps: STEPS + 1 } }, null);
    const { version } = await waitUntil(OTHER, ({ stage }) => stage === 'waiting');
    await client.models.promote(OTHER, { version: 1, by: 'berta', reason: 'as before' });
    const move = { version: version!, by: 'berta', reason: 'won the experiment' };
    const promoted = await client.models.promote(OTHER, move);
    const done = await waitUntil(OTHER, ({ status }) => status !== 'processing');
    expect(done).toMatchObject({
      ...{ status: 'ready', stage: 'done', outcome: 'promoted-elsewhere', version },
      decision: { promote: true, by: 'berta', reason: 'won the experiment' },
    });
    const champion = (await client.models.aliases(OTHER)).find(({ alias }) => alias === 'champion');
    expect(champion).toEqual(promoted);
    const report = await stack.objects.get(BUCKETS.results, keys.retrainReport(done.retrain_id!));
    expect(JSON.parse(report.toString())).toMatchObject({ elsewhere: true, version });
  });

  it('answers over HTTP, also for a model that was never retrained', async () => {
    const api = apiAt(stack.apiUrl);
    const state = await json<Retraining>(api.at(`/models/${OTHER}/retrain`));
    expect(state).toEqual(await client.retrainings.get(OTHER));
    expect((await api.at('/models/retrain-none/retrain')).status).toBe(404);
    expect((await api.post('/models/retrain-none/retrain', {})).status).toBe(404);
    expect((await api.post(`/models/${OTHER}/retrain`, { steps: 5 })).status).toBe(400);
  });

  it('is shown by the command line, which also decides', async () => {
    const state = await client.retrainings.get(OTHER);
    expect(await cli('status', OTHER)).toMatchObject({ stdout: JSON.stringify(state, null, 2) });
    const undecided = await cli('decide', OTHER, '--reason', 'none');
    expect(undecided).toMatchObject({ exitCode: 2 });
    const late = await cli('decide', OTHER, '--reject', '--reason', 'too late');
    expect(late).toMatchObject({ exitCode: 2 });
    expect(late.stderr).toContain('has ended');
  });

  it('fails with the reason for a data set that does not exist', async () => {
    await client.retrainings.start(OTHER, { dataset: 'retrain-none' }, null);
    const failed = await waitUntil(OTHER, ({ status }) => status === 'failed');
    expect(failed.error).toContain('Data set retrain-none does not exist');
  });
});

async function retrainDetector(options: Parameters<VidetteClient['retrainings']['start']>[1]) {
  const started = await client.retrainings.start(DETECTOR, options, 'anna');
  expect(started.started).toBe(true);
  return waitForRetrainingEnd(client, DETECTOR);
}

describe.skipIf(!existsSync(REFERENCE_IMAGES))('a retraining of a detector', () => {
  beforeAll(async () => {
    await publishDetector(stack, DETECTOR);
    await storeDetectorDataset(stack.objects, DETECTOR);
  });

  it('promotes a challenger with the same average precision by rule', async () => {
    const rules = { decide: 'rule', gate: { min_test: 5 } } as const;
    const done = await retrainDetector({ ...rules, params: { shift: 1e-6 } });
    expect(done).toMatchObject({
      ...{ status: 'ready', error: null, outcome: 'promoted', version: 2 },
      trained: { metrics: { changed: 3 } },
      comparison: { images: 7, challenger: { calibration_error: null } },
      verdict: { gate: 'pass' },
    });
    const { champion, challenger } = done.comparison!;
    // The reference is of OpenCV, whose pixels differ a little.
    expect(champion.value).toBeGreaterThan(0.8);
    expect(champion.boxes!.ap50).toBeGreaterThan(0.95);
    expect(challenger.value).toBeCloseTo(champion.value, 3);
    expect(challenger.classes).toHaveProperty('person.images');
    const published = await createModelRegistry(stack.objects).resolve(`${DETECTOR}@champion`);
    expect(published).toMatchObject({
      ...{ version: 2, task: 'detect', sha256: done.trained!.sha256 },
      trained: { retrain_id: done.retrain_id, dataset: { name: DETECTOR, version: 1 } },
    });
  });

  it('does not publish a challenger that lost its classes', async () => {
    const done = await retrainDetector({ gate: { min_test: 5 }, params: { shift: -30 } });
    expect(done).toMatchObject({
      ...{ status: 'ready', outcome: 'not-promoted', version: null, verdict: { gate: 'fail' } },
      comparison: { challenger: { value: 0 } },
      decision: { promote: false, by: 'rule' },
    });
    expect(done.base!.version).toBe(2);
  });

  it('trains nothing if too few images are new, which is not a failure', async () => {
    const { stdout } = await cli(DETECTOR, '--min-new', '1', '--wait');
    expect(JSON.parse(stdout)).toMatchObject({ status: 'ready', outcome: 'not-enough' });
    const response = await fetch(`${stack.apiUrl}/api/v1/models/${DETECTOR}/retrain`);
    expect(await response.json()).toMatchObject({
      ...{ status: 'ready', stage: 'done', outcome: 'not-enough', error: null, trained: null },
      new_images: { count: 0, required: 1 },
    });
  });

  it('is started by a schedule, under the id of the model', async () => {
    const { workflow_id } = await client.retrainings.get(DETECTOR);
    const before = await stack.client.workflow.getHandle(workflow_id).describe();
    const flags = ['--cron', '0 4 1 1 *', '--min-new', '1', '--paused', '--json'];
    const env = { ...ownEnvironment(), ...stack.settings, VIDETTE_DATA_DIR: stack.folder };
    const args = [projectFile('dist/cli/main.js'), 'schedule', 'retrain', DETECTOR, ...flags];
    const created = await execa(process.execPath, args, { env, stdin: 'ignore' });
    const schedule_id = `retrain-${DETECTOR}`;
    const info = { schedule_id, model: DETECTOR, video_id: null, paused: true };
    expect(JSON.parse(created.stdout)).toMatchObject(info);
    await client.schedule.trigger(schedule_id);
    const runId = async () => (await stack.client.workflow.getHandle(workflow_id).describe()).runId;
    await expect.poll(runId).not.toBe(before.runId);
    const ended = await waitForRetrainingEnd(client, DETECTOR);
    expect(ended).toMatchObject({ status: 'ready', outcome: 'not-enough' });
    await client.schedule.delete(schedule_id);
  });

  it('builds the data set from the feedback first', async () => {
    const zip = join(stack.folder, 'export.zip');
    await pipeline(
      await client.datasets.exportStream(`${DETECTOR}@1`, 'coco'),
      createWriteStream(zip),
    );
    await client.datasets.import(BUILT, zip);
    const done: Retraining = await retrainDetector({ dataset: BUILT, build: true, min_new: 1000 });
    expect(done).toMatchObject({
      ...{ status: 'ready', error: null, outcome: 'not-enough' },
      dataset: { name: BUILT, version: 1 },
    });
    const { counts } = await client.datasets.get(BUILT);
    const images = counts.train.images + counts.val.images + counts.test.images;
    expect(done.new_images!.required).toBe(1000);
    expect(done.new_images!.count).toBeLessThanOrEqual(images);
    expect(images).toBeGreaterThan(5);
    const fixed = await retrainDetector({ dataset: `${BUILT}@1`, build: true });
    expect(fixed).toMatchObject({ status: 'failed', outcome: null });
    expect(fixed.error).toContain('never changes');
  });
});
