import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { findWebhook } from './find-webhook.js';

/** A client of Temporal whose last run of a batch has an input; without one, it has no run. */
function temporalWith(input: unknown): Client {
  const missing = new WorkflowNotFoundError('none', 'w', undefined);
  const describeLast = () =>
    input === undefined ? Promise.reject(missing) : Promise.resolve({ runId: 'last' });
  const getWorkflowExecutionHistory = ({ execution }: { execution: { runId: string } }) => {
    const payloads = execution.runId === 'last' ? [input] : [];
    const workflowExecutionStartedEventAttributes = { input: { payloads } };
    return Promise.resolve({ history: { events: [{ workflowExecutionStartedEventAttributes }] } });
  };
  const loadedDataConverter = {
    payloadCodecs: [],
    payloadConverter: { fromPayload: (payload: unknown) => payload },
  };
  const client = {
    options: { namespace: 'default', loadedDataConverter },
    workflow: { getHandle: () => ({ describe: describeLast }) },
    workflowService: { getWorkflowExecutionHistory },
  };
  return client as unknown as Client; // the calls that read an input
}

describe('findWebhook', () => {
  it.each([
    ['a run with a webhook', { batch_id: 'b', webhook: { url: 'u' } }, { url: 'u' }],
    ['a run without a webhook', { batch_id: 'b' }, undefined],
    ['a batch without a run', undefined, undefined],
  ])('reads that of %s', async (_, input, webhook) => {
    expect(await findWebhook(temporalWith(input), 'b')).toEqual(webhook);
  });
});
