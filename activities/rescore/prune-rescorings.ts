import { log } from '@temporalio/activity';
import type { PrunedRescorings, PruneRescoringsInput } from '../../domain/job/deletion.js';
import type { DocumentStore } from '../../domain/ports/document-store.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import type { JobRuns } from '../../domain/ports/runs.js';
import { findRescoringsBefore } from '../../domain/rescore/prunable-rescorings.js';
import { findRescoreBatches, removeRescoring } from '../../domain/rescore/rescore-data.js';
import { rescoreWorkflowIdOf } from '../../domain/workflow-ids.js';
import { type Beat, withHeartbeat } from '../heartbeat.js';
import { removeGroup } from '../remove-group.js';

export interface PruneRescoringsDeps {
  readonly objects: Pick<ObjectStore, 'list' | 'find' | 'remove'>;
  readonly documents: Pick<DocumentStore, 'batches' | 'imageBatches'>;
  readonly jobRuns: Pick<JobRuns, 'isWorkflowRunning'>;
}

/**
 * Removes the rescorings that were started before a time and of which nothing runs. Their jobs remain:
 * they are pruned like others. One that cannot be removed does not stop the others.
 */
export async function pruneRescorings(
  deps: PruneRescoringsDeps,
  { before }: PruneRescoringsInput,
): Promise<PrunedRescorings> {
  return withHeartbeat(async (beat) => {
    const counts = { pruned: 0, failed: 0 };
    const ids = await Array.fromAsync(findRescoringsBefore(deps.objects, new Date(before)));
    for (const id of ids) {
      try {
        if (await prune(deps, id, beat)) counts.pruned += 1;
      } catch (error) {
        beat.signal.throwIfAborted();
        log.warn('rescoring not pruned', { rescore: id, reason: String(error) });
        counts.failed += 1;
      }
    }
    return counts;
  });
}

/** Returns whether the rescoring was removed; it is kept while it or one of its batches runs. */
async function prune(deps: PruneRescoringsDeps, id: string, beat: Beat): Promise<boolean> {
  beat.signal.throwIfAborted();
  if (await deps.jobRuns.isWorkflowRunning(rescoreWorkflowIdOf(id))) return false;
  const batches = await findRescoreBatches(deps, id);
  for (const workflowId of batches.workflowIds) {
    if (await deps.jobRuns.isWorkflowRunning(workflowId)) return false;
  }
  const objects = await removeRescoring(deps, id, batches, (group) =>
    removeGroup(deps.objects, group, beat),
  );
  log.info('rescoring pruned', { rescore: id, objects });
  return true;
}
