import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createModelRegistry } from '../../adapters/store/model-registry.js';
import type { Retraining, VidetteClient } from '../../client/index.js';
import { ownEnvironment } from '../../config/index.js';
import { BUCKETS, keys } from '../../domain/names.js';
import { projectFile } from '../../platform/package-root.js';
import { apiAt, json } from '../support/api.js';
import { type LoneWorker, startLoneWorker } from '../support/lone-worker.js';
import { waitForRetraining } from '../support/retrainings.js';
import { connectSharedStack, type SharedConnection } from '../support/shared-stack.js';
import { LITE0, publishLite0, storeStripedDataset } from '../support/striped-dataset.js';
import { clientOf } from '../support/vidette-client.js';

const MODEL = 'retrain-fish';
const OTHER = 'retrain-other';
/** Steps of a training that takes some seconds. */
const STEPS = 8000;

let stack: SharedConnection;
let client: VidetteClient;
let worker: LoneWorker;

const startWorker = () =>
  startLoneWorker('train_worker', {
    ...stack.settings,
    VIDETTE_SCRATCH_DIR: join(stack.folder, 'train'),
  });

function cli(...args: readonly string[]) {
  const env = { ...ownEnvironment(), ...stack.settings, VIDETTE_DATA_DIR: stack.folder };
  const command = [projectFile('dist/cli/main.js'), 'retrain', ...args, '--json'];
  return execa(process.execPath, command, { env, stdin: 'ignore', reject: false });
}

const waitUntil = (model: string, isMet: (retraining: Retraining) => boolean) =>
  waitForRetraining(client, model, isMet);

describe.skipIf(!existsSync(LITE0))('a retraining', () => {
  beforeAll(async () => {
    stack = await connectSharedStack();
    client = clientOf(stack);
    for (const name of [MODEL, OTHER]) {
      await publishLite0(stack.objects, name);
      await storeStripedDataset(stack.objects, name);
    }
    worker = await startWorker();
  });
  afterAll(async () => {
    await worker?.stop();
    await stack?.close();
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
