import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { expect, it } from 'vitest';
import { createMemoryDocumentStore } from '../../test/support/memory-document-store.js';
import type { VidetteClientDeps } from '../deps.js';
import { getJob } from './jobs.js';

/** A client of Temporal with one run, whose workflow task has failed several times. */
function stuckRun(name: WorkflowExecutionDescription['status']['name']): Client {
  const run: Partial<WorkflowExecutionDescription> = {
    ...{ workflowId: 'video-detection/e1', runId: 'r1', startTime: new Date(0) },
    ...{ status: { code: 0, name }, typedSearchAttributes: new TypedSearchAttributes() },
    raw: { pendingWorkflowTask: { attempt: 5 } },
  };
  const failed = { failure: { message: 'nondeterminism' } };
  const history = { events: [{ workflowTaskFailedEventAttributes: failed }] };
  const handle = {
    describe: () => Promise.resolve(run),
    query: () => Promise.resolve({ stage: 'opening', started_at: 0 }),
  };
  const client = {
    workflow: { getHandle: () => handle },
    workflowService: {
      getWorkflowExecutionHistoryReverse: () => Promise.resolve({ history }),
    },
    withDeadline: (_deadline: number, work: () => unknown) => work(),
    options: { namespace: 'default' },
  };
  return client as unknown as Client; // what reading a job calls
}

it.each(['RUNNING', 'PAUSED'] as const)('reports why a run that is %s is stuck', async (name) => {
  const deps: Partial<VidetteClientDeps> = {
    ...{ documents: createMemoryDocumentStore(), temporal: stuckRun(name) },
  };
  const job = await getJob(deps as VidetteClientDeps, 'e1'); // without a result, no other is read
  expect(job).toMatchObject({
    status: 'processing',
    error: { code: 'JOB_STUCK', message: expect.stringContaining('nondeterminism') as string },
  });
});
