import type { Client } from '@temporalio/client';
import type { BatchRequest } from '../../domain/job/batch.js';
import { batchWorkflowIdOf } from '../../domain/workflow-ids.js';
import { readInput } from '../../domain/temporal-payloads.js';
import { describeRun } from '../../domain/temporal-runs.js';

/** Reads the webhook of the last run of a batch; undefined without one, or without the run. */
export async function findWebhook(
  temporal: Client,
  batchId: string,
): Promise<BatchRequest['webhook']> {
  const workflowId = batchWorkflowIdOf(batchId);
  const run = await describeRun(temporal, workflowId);
  if (!run) return undefined;
  const request = await readInput(temporal, { workflowId, runId: run.runId });
  return (request as BatchRequest | undefined)?.webhook; // validated by the job that gets it
}
