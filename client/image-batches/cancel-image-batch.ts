import { imageBatchWorkflowIdOf } from '../../domain/workflow-ids.js';
import type { VidetteClientDeps } from '../deps.js';
import { unlessClosed } from '../end-run.js';
import { findImageBatch } from './find-image-batch.js';

/** Requests the cancellation of a batch, unless it is closed. @throws AppError `BATCH_NOT_FOUND`. */
export async function cancelImageBatch(deps: VidetteClientDeps, batchId: string): Promise<void> {
  const { batch_id } = await findImageBatch(deps.documents, batchId);
  const handle = deps.temporal.workflow.getHandle(imageBatchWorkflowIdOf(batch_id));
  await unlessClosed(handle, (run) => run.cancel());
}
