import type { EndedBeforeInput, ListPrunableInput } from '../domain/job/deletion.js';
import { isClosed } from '../domain/job/job-status.js';
import { findPrunable, type PrunablePage } from '../domain/job/prunable-jobs.js';
import type { DocumentStore } from '../domain/ports/document-store.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import type { JobRuns } from '../domain/ports/runs.js';
import { listRenders } from './list-renders.js';

export interface ListPrunableDeps {
  readonly documents: Pick<DocumentStore, 'findClosedIds'>;
  readonly objects: Pick<ObjectStore, 'list'>;
}

/** Returns a page of the ids of jobs that ended before a time; with `frames_only`, of those with frames. */
export function listPrunable(
  deps: ListPrunableDeps,
  { before, after, frames_only: framesOnly }: ListPrunableInput,
): Promise<PrunablePage> {
  return findPrunable(deps, { before: new Date(before), after, framesOnly });
}

export interface EndedBeforeDeps {
  readonly documents: Pick<DocumentStore, 'findEvent'>;
  readonly objects: Pick<ObjectStore, 'list'>;
  readonly jobRuns: Pick<JobRuns, 'isRunning'>;
}

/** Whether a job ended before a time and neither it nor a render of it has been started since. */
export async function endedBefore(
  { documents, objects, jobRuns }: EndedBeforeDeps,
  { event_id: eventId, ended_before }: EndedBeforeInput,
): Promise<boolean> {
  const event = await documents.findEvent(eventId);
  if (!event || !isClosed(event.status)) return false;
  if (!event.closed_at || event.closed_at >= new Date(ended_before)) return false;
  const renders = await listRenders(objects, eventId);
  return !(await jobRuns.isRunning({ eventId, workflowId: event.workflow_id, renders }));
}
