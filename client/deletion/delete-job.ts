import { WorkflowFailedError } from '@temporalio/client';
import { hasObjects } from '../../domain/job/job-store.js';
import { VIDEO_QUEUE } from '../../domain/job/task-queues.js';
import { DELETE_JOB, jobObjects } from '../../domain/names.js';
import { deletionWorkflowIdOf } from '../../domain/workflow-ids.js';
import { isBeingDeleted } from '../../domain/temporal-runs.js';
import type { DeleteJob } from '../../workflows/index.js';
import type { VidetteClientDeps } from '../deps.js';
import { failureOf } from '../jobs/outcome.js';
import { findRun, jobNotFound } from '../jobs/runs.js';
import { whileUnavailable } from '../jobs/while-unavailable.js';

export interface DeleteJobOptions {
  /** Resolves after this time while the deletion continues; default: waits for its end. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** Deletion of a job. */
export interface Deletion {
  readonly event_id: string;
  readonly workflow_id: string;
  /** Whether the deletion is done; it continues otherwise. */
  readonly deleted: boolean;
}

/**
 * Cancels a job if it is running, and deletes everything that it stored. Joins a deletion that is in
 * progress. @throws AppError `JOB_NOT_FOUND` if nothing of the job exists.
 */
export async function deleteJob(
  deps: VidetteClientDeps,
  eventId: string,
  options: DeleteJobOptions = {},
): Promise<Deletion> {
  const workflow_id = deletionWorkflowIdOf(eventId);
  const { timeoutMs = Infinity, signal } = options;
  const deadline = Date.now() + timeoutMs;
  const exists = await whileUnavailable(() => isKnown(deps, eventId), signal, deadline);
  if (!exists) throw jobNotFound(eventId);
  await whileUnavailable(() => startDeletion(deps, eventId), signal, deadline);
  return { event_id: eventId, workflow_id, deleted: await awaitDeletion(deps, eventId, options) };
}

/** Whether Temporal or a store has anything of a job, or it is being deleted. */
async function isKnown(deps: VidetteClientDeps, eventId: string): Promise<boolean> {
  if (await findRun(deps.temporal, eventId)) return true;
  if (await deps.documents.findEvent(eventId)) return true;
  if (await isBeingDeleted(deps.temporal, eventId)) return true;
  for (const group of jobObjects(eventId)) if (await hasObjects(deps.objects, group)) return true;
  return false;
}

async function startDeletion({ temporal }: VidetteClientDeps, event_id: string): Promise<void> {
  await temporal.workflow.start<typeof DeleteJob>(DELETE_JOB, {
    taskQueue: VIDEO_QUEUE,
    workflowId: deletionWorkflowIdOf(event_id),
    workflowIdConflictPolicy: 'USE_EXISTING',
    args: [{ event_id }],
    staticSummary: event_id,
  });
}

/** Returns whether the deletion ended within the timeout. @throws AppError if it failed. */
async function awaitDeletion(
  { temporal }: VidetteClientDeps,
  eventId: string,
  { timeoutMs, signal }: DeleteJobOptions,
): Promise<boolean> {
  const timeout = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
  const either = AbortSignal.any([signal, timeout].filter((each) => each !== undefined));
  const handle = temporal.workflow.getHandle<typeof DeleteJob>(deletionWorkflowIdOf(eventId));
  const wait = () => temporal.withAbortSignal(either, () => handle.result());
  try {
    await whileUnavailable(wait, either);
    return true;
  } catch (error) {
    signal?.throwIfAborted();
    if (timeout?.aborted) return false;
    throw error instanceof WorkflowFailedError ? failureOf(error, eventId) : error;
  }
}
