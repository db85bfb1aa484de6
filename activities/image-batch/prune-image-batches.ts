import type { PrunedData, PruneDataInput } from '../../domain/job/deletion.js';
import { findImageBatchesBefore } from '../../domain/image-batch/prunable-batches.js';
import { imageBatchObjects } from '../../domain/names.js';
import type { DocumentStore } from '../../domain/ports/document-store.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import type { JobRuns } from '../../domain/ports/runs.js';
import { imageBatchWorkflowIdOf } from '../../domain/workflow-ids.js';
import { type Beat, withHeartbeat } from '../heartbeat.js';
import { pruneEach } from '../prune-each.js';
import { removeGroup } from '../remove-group.js';

export interface PruneImageBatchesDeps {
  readonly objects: Pick<ObjectStore, 'list' | 'find' | 'remove'>;
  readonly documents: Pick<DocumentStore, 'imageBatches'>;
  readonly jobRuns: Pick<JobRuns, 'isWorkflowRunning'>;
}

/** Removes the batches of images that ended before a time, with their uploads, lists, parts and tables. */
export async function pruneImageBatches(
  deps: PruneImageBatchesDeps,
  { before }: PruneDataInput,
): Promise<PrunedData> {
  return withHeartbeat((beat) => {
    const found = findImageBatchesBefore(deps, new Date(before));
    const prune = (id: string) => pruneImageBatch(deps, id, beat);
    return pruneEach({ what: 'batch of images', found, idOf: (id) => id, prune }, beat);
  });
}

/** Removes the document last, so that a removal that was interrupted is repeated. */
async function pruneImageBatch(
  { objects, documents, jobRuns }: PruneImageBatchesDeps,
  id: string,
  beat: Beat,
): Promise<number | undefined> {
  if (await jobRuns.isWorkflowRunning(imageBatchWorkflowIdOf(id))) return undefined;
  const removed = await removeGroup(objects, imageBatchObjects(id), beat);
  await documents.imageBatches.remove(id);
  return removed;
}
