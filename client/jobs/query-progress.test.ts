import type { Client } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { queryProgress } from './query-progress.js';

const RUN = { workflowId: 'video-detection/e1', runId: 'r1' };

/** A client of Temporal whose queries fail with a gRPC status. */
function failingQuery(code: number): Client {
  const error = Object.assign(new Error('no answer'), { code, details: '', metadata: {} });
  const client = {
    workflow: { getHandle: () => ({ query: () => Promise.reject(error) }) },
    withDeadline: (_deadline: number, work: () => unknown) => work(),
  };
  return client as unknown as Client; // what a query calls
}

describe('queryProgress', () => {
  it.each([
    ['its worker has ended', 1],
    ['no worker answers in time', 4],
    ['no worker has started the workflow', 9],
    ['Temporal is unavailable', 14],
  ])('returns undefined if %s', async (_, code) => {
    expect(await queryProgress(failingQuery(code), RUN)).toBeUndefined();
  });

  it('throws other errors', async () => {
    await expect(queryProgress(failingQuery(7), RUN)).rejects.toThrow('no answer');
  });
});
