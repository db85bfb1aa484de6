import { expect } from 'vitest';
import { VIDEO_DETECTION } from '../../domain/names.js';
import { workflowIdOf } from '../../domain/workflow-ids.js';
import { VIDEO_QUEUE } from '../../domain/job/task-queues.js';
import { ffmpegsOn, scratchLeftovers } from '../support/processes.js';
import type { JobHandle } from '../support/jobs.js';
import { resetTo } from '../support/reset.js';
import type { VideoDetection } from '../../workflows/index.js';
import { type ChaosHarness, CLIP_FRAMES } from './harness.js';
import { expectNothingLeft, expectResult } from './check.js';
import { amidJob, endOf, untilInTime } from './disturb.js';
import type { Trial } from './rounds.js';

/** Maximum number of seconds until nothing of an ended run remains. */
const GONE_S = 30;
const RUNS_FOR_MS = [1500, 5000] as const;

/** Terminates a run; expects nothing of it to remain and a new submission to complete. */
export async function terminated(harness: ChaosHarness, trial: Trial): Promise<number> {
  const { handle, eventId } = await amidJob(harness, trial);
  await handle.terminate('chaos');
  return expectGoneAndDoneAgain(harness, { ...trial, eventId });
}

/** Lets a run time out; expects nothing of it to remain and a new submission to complete. */
export async function timedOut(harness: ChaosHarness, trial: Trial): Promise<number> {
  const { client } = harness.stack;
  const eventId = await untilInTime(trial, async (id, attempt) => {
    const handle = await client.workflow.start<typeof VideoDetection>(VIDEO_DETECTION, {
      taskQueue: VIDEO_QUEUE,
      workflowId: workflowIdOf(id),
      args: [harness.request({ ...trial, eventId: id })],
      workflowRunTimeout: Math.round(trial.random.between(...RUNS_FOR_MS) / attempt),
    });
    return (await hasTimedOut(handle)) ? id : undefined;
  });
  return expectGoneAndDoneAgain(harness, { ...trial, eventId });
}

async function hasTimedOut(handle: JobHandle): Promise<boolean> {
  try {
    await handle.result();
    return false;
  } catch (error) {
    expect(error).toMatchObject({ cause: { name: 'TimeoutFailure' } });
    return true;
  }
}

/** Resolves with the seconds until nothing of the ended run remained. */
async function expectGoneAndDoneAgain(harness: ChaosHarness, trial: Trial): Promise<number> {
  const { stack, home } = harness;
  const since = performance.now();
  const statusOf = async () => (await stack.documents.findEvent(trial.eventId))?.status;
  const soon = () => ({ timeout: Math.max(1, GONE_S * 1000 - (performance.now() - since)) });
  await expect.poll(() => ffmpegsOn(home), soon()).toEqual([]);
  await expect.poll(() => scratchLeftovers(home), soon()).toEqual([]);
  await expect.poll(statusOf, soon()).not.toBe('processing');
  const goneS = (performance.now() - since) / 1000;
  const { outcome } = await endOf(await stack.start(harness.request(trial)));
  expect(outcome).toMatchObject({ status: 'ready', frames: CLIP_FRAMES, skipped: 0 });
  await expectResult(stack, trial.eventId, { rows: await harness.undisturbed(trial.frames) });
  await expectNothingLeft(harness);
  return goneS;
}

/** Resets a running job to a random workflow task; expects the same result. */
export async function reset(harness: ChaosHarness, trial: Trial): Promise<number> {
  const { stack } = harness;
  const rows = await harness.undisturbed(trial.frames);
  const { handle, eventId } = await amidJob(harness, trial);
  const { client } = stack;
  const share = trial.random.between(0, 1);
  const { runId } = await resetTo(client, handle.workflowId, share);
  const since = performance.now();
  const continued = client.workflow.getHandle<typeof VideoDetection>(handle.workflowId, runId);
  const outcome = await continued.result();
  const recoveredS = (performance.now() - since) / 1000;
  expect(outcome).toMatchObject({ status: 'ready', frames: CLIP_FRAMES, skipped: 0 });
  await expectResult(stack, eventId, { rows });
  await expectNothingLeft(harness);
  return recoveredS;
}
