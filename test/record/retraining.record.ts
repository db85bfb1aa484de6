import { afterAll, beforeAll, expect, it } from 'vitest';
import { VIDEO_QUEUE } from '../../domain/job/task-queues.js';
import { SCHEDULED_RETRAINING } from '../../domain/retrain/retrain.js';
import { parseRetrainRequest, type RetrainOptions } from '../../domain/retrain/retrain-request.js';
import { retrainWorkflowIdOf } from '../../domain/workflow-ids.js';
import type { ScheduledRetraining } from '../../workflows/index.js';
import { publishLite0 } from '../support/lite0.js';
import { waitForRetraining, waitForRetrainingEnd } from '../support/retrainings.js';
import { startStack, type TestStack } from '../support/stack.js';
import { storeStripedDataset } from '../support/striped-dataset.js';
import { clientOf } from '../support/vidette-client.js';
import { recordHistory } from './record-history.js';

const MODEL = 'stripes';
const STEPS = 20;
/** More images than the data set has. */
const TOO_MANY = 1000;
const RUNS_FOR_MS = 240_000;

let stack: TestStack;
beforeAll(async () => {
  stack = await startStack();
  await publishLite0(stack.objects, MODEL);
  await storeStripedDataset(stack.objects, MODEL);
});
afterAll(() => stack?.close());

const start = (options: RetrainOptions) =>
  clientOf(stack).retrainings.start(MODEL, { params: { steps: STEPS }, ...options }, 'anna');
const record = (name: string) => recordHistory(stack.client, name, retrainWorkflowIdOf(MODEL));
const ended = () => waitForRetrainingEnd(clientOf(stack), MODEL);

it('records a retraining with too few new images', async () => {
  await start({ min_new: TOO_MANY });
  expect(await ended()).toMatchObject({ status: 'ready', outcome: 'not-enough' });
  await record('retrained-not-enough');
});

it('records a retraining that no one decides', { timeout: RUNS_FOR_MS }, async () => {
  await start({ decide_within_s: 1 });
  const decision = { promote: false, by: 'deadline' };
  expect(await ended()).toMatchObject({ outcome: 'not-promoted', version: 2, decision });
  await record('retrained-undecided');
});

it('records a retraining that a person promotes', { timeout: RUNS_FOR_MS }, async () => {
  const { retrainings } = clientOf(stack);
  await start({ base: 1, params: { steps: STEPS + 1 } });
  await waitForRetraining(clientOf(stack), MODEL, ({ stage }) => stage === 'waiting');
  await retrainings.decide(MODEL, { promote: true, by: 'anna', reason: 'knows the stripes' });
  expect(await ended()).toMatchObject({ status: 'ready', outcome: 'promoted' });
  await record('retrained-promoted');
});

it(
  'records a retraining whose challenger is promoted elsewhere',
  { timeout: RUNS_FOR_MS },
  async () => {
    await start({ base: 1, params: { steps: STEPS + 2 } });
    const waits = ({ stage }: { readonly stage: string }) => stage === 'waiting';
    const { version } = await waitForRetraining(clientOf(stack), MODEL, waits);
    await clientOf(stack).models.promote(MODEL, { version: version!, by: 'berta' });
    const decision = { promote: true, by: 'berta' };
    expect(await ended()).toMatchObject({ outcome: 'promoted-elsewhere', decision });
    await record('retrained-elsewhere');
  },
);

it(
  'records a retraining that a person promotes after the check for others',
  { timeout: RUNS_FOR_MS },
  async () => {
    await start({ base: 1, params: { steps: STEPS + 3 } });
    await waitForRetraining(clientOf(stack), MODEL, ({ stage }) => stage === 'waiting');
    const decision = { promote: false, by: 'anna', reason: 'no better' };
    await clientOf(stack).retrainings.decide(MODEL, decision);
    expect(await ended()).toMatchObject({ outcome: 'not-promoted', decision });
    await record('retrained-rejected');
  },
);

it('records a retraining of a schedule that the rule promotes', async () => {
  const options: RetrainOptions = { decide: 'rule', gate: { min_test: 5 } };
  const workflowId = 'schedule-retrain-stripes';
  await stack.client.workflow.execute<typeof ScheduledRetraining>(SCHEDULED_RETRAINING, {
    ...{ taskQueue: VIDEO_QUEUE, workflowId },
    args: [parseRetrainRequest({ ...options, model: MODEL, by: 'anna', base: 1 })],
  });
  expect(await ended()).toMatchObject({ outcome: 'promoted', decision: { by: 'rule' } });
  await record('retrained-by-rule');
  await recordHistory(stack.client, 'retrained-scheduled', workflowId);
});
