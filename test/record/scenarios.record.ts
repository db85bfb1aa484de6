import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readConfig } from '../../config/index.js';
import { VIDEO_QUEUE } from '../../domain/job/task-queues.js';
import { CONTROL_STREAM } from '../../domain/names.js';
import { createCameras } from '../../domain/stream/cameras.js';
import { CONFIGURE_UPDATE, STREAM_SIGNALS } from '../../domain/stream/scenario-control.js';
import type { ScenarioRequest } from '../../domain/stream/scenario-input.js';
import type { ControlStream } from '../../workflows/index.js';
import { startScenario, type TestScenario } from '../support/camera-scenarios.js';
import { makeMovingClip } from '../support/moving-camera.js';
import { startStack, type TestStack } from '../support/stack.js';
import { ALL_WORKERS } from '../support/workers.js';
import { recordHistory } from './record-history.js';

const DAY_MS = 5000;

let stack: TestStack;
beforeAll(async () => {
  const timing = { VIDETTE_TEST_TIMING: JSON.stringify({ cameraDayMs: DAY_MS }) };
  const variables = { VIDETTE_MODEL: 'mock', VIDETTE_FILE_ROOT: '/', ...timing };
  stack = await startStack(variables, [], undefined, ALL_WORKERS);
  const url = `file://${await makeMovingClip(join(stack.folder, 'clip.mp4'), 4)}`;
  const { cameraKey } = readConfig(stack.settings).streams;
  // By its id: a URL would be a path of this machine.
  await createCameras(stack.documents.cameras, cameraKey).put({ camera_id: 'clip', url });
});
afterAll(() => stack?.close());

const start = (input: Partial<ScenarioRequest>) =>
  startScenario(stack, { camera_id: 'clip', ...input });
const record = (name: string, { handle }: TestScenario, runId?: string) =>
  recordHistory(stack.client, name, handle.workflowId, runId);
const isLive = (scenario: TestScenario) =>
  expect.poll(async () => (await scenario.heartbeat())?.frame_number ?? 0).toBeGreaterThan(0);

it('records a scenario whose file has ended', async () => {
  const scenario = await start({ pace: 'fast' });
  await scenario.handle.result();
  await record('stream-ended', scenario);
});

it('records a scenario that is paused, resumed, changed and stopped', async () => {
  const scenario = await start({ loop: true, fps: 5 });
  await isLive(scenario);
  await scenario.handle.signal(STREAM_SIGNALS.pause);
  await expect.poll(() => scenario.heartbeat()).toBeUndefined();
  await scenario.handle.signal(STREAM_SIGNALS.resume);
  await isLive(scenario);
  await scenario.handle.executeUpdate(CONFIGURE_UPDATE, { args: [{ fps: 1 }] });
  await isLive(scenario);
  await scenario.handle.signal(STREAM_SIGNALS.stop);
  await scenario.handle.result();
  await record('stream-controlled', scenario, scenario.handle.firstExecutionRunId);
});

it('records what stops a scenario for a schedule', async () => {
  const scenario = await start({ loop: true });
  await isLive(scenario);
  const workflowId = `control-stream/${randomUUID()}`;
  await stack.client.workflow.execute<typeof ControlStream>(CONTROL_STREAM, {
    ...{ taskQueue: VIDEO_QUEUE, workflowId },
    args: [{ scenario_uuid: scenario.uuid, action: 'stop' }],
  });
  await scenario.handle.result();
  await recordHistory(stack.client, 'stream-control', workflowId);
});

it('records a scenario over the end of a day, and its cancellation', async () => {
  const scenario = await start({ loop: true });
  const { handle } = scenario;
  const newestRun = async () => (await handle.describe()).runId;
  await expect.poll(newestRun).not.toBe(handle.firstExecutionRunId);
  await isLive(scenario);
  await handle.cancel();
  await handle.result().catch(() => undefined);
  await record('stream-day', scenario, handle.firstExecutionRunId);
  await record('stream-cancelled', scenario, await newestRun());
});

it('records a scenario whose input is wrong', async () => {
  const scenario = await start({ camera_id: 'absent' });
  await scenario.handle.result().catch(() => undefined);
  await record('stream-failed', scenario);
});
