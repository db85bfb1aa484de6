import type { PrunedData, PruneDataInput } from '../../domain/job/deletion.js';
import type { DocumentStore } from '../../domain/ports/document-store.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import type { JobRuns } from '../../domain/ports/runs.js';
import { findRescoringsBefore } from '../../domain/rescore/prunable-rescorings.js';
import { findRescoreBatches, removeRescoring } from '../../domain/rescore/rescore-data.js';
import { rescoreWorkflowIdOf } from '../../domain/workflow-ids.js';
import { type Beat, withHeartbeat } from '../heartbeat.js';
import { pruneEach } from '../prune-each.js';
import { removeGroup } from '../remove-group.js';

export interface PruneRescoringsDeps {
  readonly objects: Pick<ObjectStore, 'list' | 'find' | 'remove'>;
  readonly documents: Pick<DocumentStore, 'batches' | 'imageBatches'>;
  readonly jobRuns: Pick<JobRuns, 'isWorkflowRunning'>;
}

/**
 * Removes the rescorings that were started before a time and of which nothing runs. Their jobs remain:
 * they are pruned like others.
 */
export async function pruneRescorings(
  deps: PruneRescoringsDeps,
  { before }: PruneDataInput,
): Promise<PrunedData> {
  return withHeartbeat((beat) => {
    const found = findRescoringsBefore(deps.objects, new Date(before));
    const prune = (id: string) => pruneRescoring(deps, id, beat);
    return pruneEach({ what: 'rescoring', found, idOf: (id) => id, prune }, beat);
  });
}

/** Keeps a rescoring while it or one of its batches runs. */
async function pruneRescoring(
  deps: PruneRescoringsDeps,
  id: string,
  beat: Beat,
): Promise<number | undefined> {
  if (await deps.jobRuns.isWorkflowRunning(rescoreWorkflowIdOf(id))) return undefined;
  const batches = await findRescoreBatches(deps, id);
  for (const workflowId of batches.workflowIds) {
    if (await deps.jobRuns.isWorkflowRunning(workflowId)) return undefined;
  }
  return removeRescoring(deps, id, batches, (group) => removeGroup(deps.objects, group, beat));
}
