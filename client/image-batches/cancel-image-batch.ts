import type { WorkflowHandle } from '@temporalio/client';
import { isWorkflowNotFound } from '../../domain/temporal-runs.js';
import { imageBatchWorkflowIdOf } from '../../domain/workflow-ids.js';
import type { VidetteClientDeps } from '../deps.js';
import { findImageBatch } from './find-image-batch.js';

/** Requests the cancellation of a batch, unless it is closed. @throws AppError `BATCH_NOT_FOUND`. */
export async function cancelImageBatch(deps: VidetteClientDeps, batchId: string): Promise<void> {
  const { batch_id } = await findImageBatch(deps.documents, batchId);
  const handle = deps.temporal.workflow.getHandle(imageBatchWorkflowIdOf(batch_id));
  await unlessClosed(handle, (run) => run.cancel());
}

/** Ends a run; does nothing if it is closed. */
export async function unlessClosed(
  handle: WorkflowHandle,
  end: (handle: WorkflowHandle) => Promise<unknown>,
): Promise<void> {
  try {
    await end(handle);
  } catch (error) {
    if (!isWorkflowNotFound(error)) throw error;
  }
}
