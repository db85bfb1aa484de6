import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VidetteClient } from '../../client/index.js';
import { MOCK_MODEL_NAME } from '../../domain/model/known-models.js';
import { BUCKETS, keys } from '../../domain/names.js';
import { renderWorkflowIdOf } from '../../domain/workflow-ids.js';
import { startApi, type TestApi } from '../support/api.js';
import { runLongJob } from '../support/long-job.js';
import { ffmpegsOn, scratchLeftovers } from '../support/processes.js';
import { startStack, type TestStack } from '../support/stack.js';
import { clientOf, waitForRenderStart } from '../support/vidette-client.js';

const ID = 'long';
/** Longer than a cancellation takes on any machine, and shorter than a timeout. */
const WITHIN_MS = 20_000;
const RUNS_FOR_MS = 120_000;

let stack: TestStack;
let api: TestApi;
let client: VidetteClient;
beforeAll(async () => {
  stack = await startStack({ VIDETTE_MODEL: MOCK_MODEL_NAME });
  client = clientOf(stack);
  api = await startApi(stack);
  await runLongJob(stack, ID, { seconds: 120, every: 200 });
});
afterAll(async () => {
  await api?.stop();
  await stack?.close();
});

const at = (address: string, init?: RequestInit) =>
  fetch(`${api.url}/api/v1/jobs/${address}`, init);
const cancel = async (address: string) => {
  const response = await at(address, { method: 'DELETE' });
  return [response.status, await response.json()] as const;
};

describe.each([
  ['annotated', `${ID}/export?format=mp4`],
  ['preview', `${ID}/video`],
] as const)('the %s video', (kind, address) => {
  it(
    'stops within seconds, leaves nothing behind, and is rendered again on request',
    async () => {
      await waitForRenderStart(client, ID, kind);
      expect(await cancel(address)).toEqual([202, { cancelling: true }]);
      const run = () => stack.client.workflow.getHandle(renderWorkflowIdOf(ID, kind)).describe();
      const status = async () => (await run()).status.name;
      await expect.poll(status, { timeout: WITHIN_MS }).toBe('CANCELLED');
      expect(await ffmpegsOn(stack.folder)).toEqual([]);
      expect(await scratchLeftovers(stack.folder)).toEqual([]);
      const key = keys.render(ID, kind);
      expect(await stack.objects.stat(BUCKETS.results, key)).toBeUndefined();
      expect(await cancel(address)).toEqual([202, { cancelling: false }]);
      await waitForRenderStart(client, ID, kind);
      await client.cancelRender(ID, kind);
      await expect.poll(status, { timeout: WITHIN_MS }).toBe('CANCELLED');
    },
    RUNS_FOR_MS,
  );

  it(
    'reports the cancellation to waiting requests',
    async () => {
      await waitForRenderStart(client, ID, kind);
      const waiting = at(`${address}${address.includes('?') ? '&' : '?'}wait=1`);
      await client.cancelRender(ID, kind);
      const response = await waiting;
      expect(response.status).toBe(422);
      const { detail } = (await response.json()) as { detail: string };
      expect(detail).toContain('was cancelled');
    },
    RUNS_FOR_MS,
  );
});

it.each<[string, string, number, string]>([
  ['a missing job', 'nowhere/export?format=mp4', 404, 'job-not-found'],
  ['its preview', 'nowhere/video', 404, 'job-not-found'],
  ['an export that is not rendered in advance', `${ID}/export?format=csv`, 400, 'invalid-request'],
])('rejects the cancellation of %s', async (_, address, status, kind) => {
  expect(await cancel(address)).toMatchObject([status, { type: `/problems/${kind}` }]);
});
