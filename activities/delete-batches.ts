import type { DocumentStore } from '../domain/ports/document-store.js';
import type { JobRuns } from '../domain/ports/runs.js';
import { batchWorkflowIdOf } from '../domain/workflow-ids.js';

export interface DeleteBatchesDeps {
  readonly documents: Pick<DocumentStore, 'batches' | 'findStatuses'>;
  readonly jobRuns: Pick<JobRuns, 'isWorkflowRunning'>;
}

/**
 * Removes the batches of a deleted job that have no other job and will start none; resolves with their
 * number.
 */
export async function deleteEmptyBatches(
  { documents, jobRuns }: DeleteBatchesDeps,
  eventId: string,
): Promise<number> {
  let removed = 0;
  for (const { batch_id, jobs } of await documents.batches.findByJob(eventId)) {
    // Read before the jobs: a run that has closed starts no other job.
    if (await jobRuns.isWorkflowRunning(batchWorkflowIdOf(batch_id))) continue;
    const left = await documents.findStatuses(jobs.map(({ event_id }) => event_id));
    if (left.size > 0) continue;
    await documents.batches.remove(batch_id);
    removed += 1;
  }
  return removed;
}
