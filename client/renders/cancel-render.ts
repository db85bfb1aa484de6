import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { type Rendering, renderingIdOf } from '../../domain/names.js';
import type { VidetteClientDeps } from '../deps.js';
import { getJob } from '../jobs/jobs.js';

/**
 * Ends the making of a video within seconds; false where none is being made. One that is made stays,
 * and one that is asked for again begins anew. @throws AppError `JOB_NOT_FOUND`.
 */
export async function cancelRender(
  deps: VidetteClientDeps,
  eventId: string,
  kind: Rendering,
): Promise<boolean> {
  if (await cancelRun(deps.temporal, renderingIdOf(eventId, kind))) return true;
  await getJob(deps, eventId);
  return false;
}

/** Whether there was a run to cancel. */
async function cancelRun({ workflow }: Client, workflowId: string): Promise<boolean> {
  const handle = workflow.getHandle(workflowId);
  try {
    if ((await handle.describe()).status.name !== 'RUNNING') return false;
    await handle.cancel();
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false; // or it ended meanwhile
    throw error;
  }
}
