import { expectId } from '../../domain/names.js';
import { findRescore } from '../../domain/rescore/find-rescore.js';
import { findRescoreBatches, removeRescoring } from '../../domain/rescore/rescore-data.js';
import { rescoreWorkflowIdOf } from '../../domain/workflow-ids.js';
import type { VidetteClientDeps } from '../deps.js';
import { endRun } from '../end-run.js';
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
  const batches = await findRescoreBatches(deps, rescore_id);
  for (const workflowId of batches.workflowIds) await endRun(deps, workflowId, REASON);
  const objects = await removeRescoring(deps, rescore_id, batches, (group) =>
    removeObjects(deps, group),
  );
  return { rescore_id, objects };
}
