import { imageBatchObjects } from '../../domain/names.js';
import { imageBatchWorkflowIdOf } from '../../domain/workflow-ids.js';
import type { VidetteClientDeps } from '../deps.js';
import { endRun } from '../end-run.js';
import { removeObjects } from '../remove-objects.js';
import { findImageBatch } from './find-image-batch.js';

/** A batch that was deleted. */
export interface DeletedImageBatch {
  readonly batch_id: string;
  /** Number of objects that were removed. */
  readonly objects: number;
}

/**
 * Deletes a batch with its uploads, list, parts and table; a running one is cancelled first. Can be
 * repeated after an interruption, because the document is removed last.
 * @throws AppError `BATCH_NOT_FOUND`.
 */
export async function deleteImageBatch(
  deps: VidetteClientDeps,
  batchId: string,
): Promise<DeletedImageBatch> {
  const { batch_id } = await findImageBatch(deps.documents, batchId);
  await endRun(deps, imageBatchWorkflowIdOf(batch_id), 'The batch is deleted.');
  const objects = await removeObjects(deps, imageBatchObjects(batch_id));
  await deps.documents.imageBatches.remove(batch_id);
  return { batch_id, objects };
}
