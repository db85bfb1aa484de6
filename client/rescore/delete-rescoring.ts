import { BUCKETS, expectId, keys, rescoreObjects } from '../../domain/names.js';
import { findPastList, findRescore } from '../../domain/rescore/find-rescore.js';
import { batchWorkflowIdOf, rescoreWorkflowIdOf } from '../../domain/workflow-ids.js';
import type { VidetteClientDeps } from '../deps.js';
import { endRun } from '../end-run.js';
import { deleteImageBatch } from '../image-batches/delete-image-batch.js';
import { removeObjects } from '../remove-objects.js';
import { rescoreNotFound } from './rescoring-view.js';

/** A rescoring that was deleted. */
export interface DeletedRescoring {
  readonly rescore_id: string;
  /** Number of objects that were removed. */
  readonly objects: number;
}

const REASON = 'The rescoring is deleted.';

/**
 * Deletes a rescoring with its list, cases, report and batches; a running one is cancelled first. Its jobs
 * remain. Can be repeated after an interruption, because what names the rescoring is removed last.
 * @throws AppError `RESCORE_NOT_FOUND`.
 */
export async function deleteRescoring(
  deps: VidetteClientDeps,
  rescoreId: string,
): Promise<DeletedRescoring> {
  const rescore_id = expectId('a rescore_id', rescoreId);
  if (!(await findRescore(deps.objects, rescore_id))) throw rescoreNotFound(rescore_id);
  await endRun(deps, rescoreWorkflowIdOf(rescore_id), REASON);
  await deleteVideoBatches(deps, rescore_id);
  let objects = await deleteImages(deps, rescore_id);
  for (const group of rescoreObjects(rescore_id)) objects += await removeObjects(deps, group);
  await deps.objects.remove(BUCKETS.results, keys.rescore(rescore_id));
  return { rescore_id, objects: objects + 1 };
}

/** Removes the batches of jobs: a later rescoring with the same id would run their jobs, not its own. */
async function deleteVideoBatches(deps: VidetteClientDeps, rescoreId: string): Promise<void> {
  const list = await findPastList(deps.objects, rescoreId);
  for (const { batch_id } of list?.batches ?? []) {
    await endRun(deps, batchWorkflowIdOf(batch_id), REASON);
    await deps.documents.batches.remove(batch_id);
  }
}

/** Deletes the batch of images of the rescoring, if there is one; returns the number of its objects. */
async function deleteImages(deps: VidetteClientDeps, rescoreId: string): Promise<number> {
  const batch = await deps.documents.imageBatches.find(rescoreId);
  const isOwn =
    batch && 'list' in batch.source && batch.source.list === keys.rescoreKeys(rescoreId);
  return isOwn ? (await deleteImageBatch(deps, rescoreId)).objects : 0;
}
