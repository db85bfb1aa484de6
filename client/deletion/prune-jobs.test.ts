import { type Client, WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, RetryState } from '@temporalio/common';
import { expect, it } from 'vitest';
import { pruneJobs } from './prune-jobs.js';

it('reports why the workflow failed, as an error of no single job', async () => {
  const cause = ApplicationFailure.create({ type: 'INVALID_INPUT', message: 'Too old.' });
  const failed = new WorkflowFailedError('failed', cause, RetryState.NON_RETRYABLE_FAILURE);
  const start = () => Promise.resolve({ result: () => Promise.reject(failed) });
  const temporal = { workflow: { start } } as unknown as Client; // what the pruning calls
  await expect(
    pruneJobs({ temporal }, { older_than_s: 1, frames_only: true }),
  ).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: 'Too old.',
    facts: { event_id: undefined },
  });
});
