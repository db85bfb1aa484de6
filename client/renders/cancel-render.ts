import type { Client } from '@temporalio/client';
import { type RenderKind } from '../../domain/names.js';
import { renderWorkflowIdOf } from '../../domain/workflow-ids.js';
import { isRunning, isWorkflowNotFound } from '../../domain/temporal-runs.js';
import type { VidetteClientDeps } from '../deps.js';
import { getJob } from '../jobs/jobs.js';

/**
 * Cancels a render within seconds; false if none is in progress. A finished video is kept; requesting
 * a cancelled one again starts over. @throws AppError `JOB_NOT_FOUND`.
 */
export async function cancelRender(
  deps: VidetteClientDeps,
  eventId: string,
  kind: RenderKind,
): Promise<boolean> {
  if (await cancelRun(deps.temporal, renderWorkflowIdOf(eventId, kind))) return true;
  await getJob(deps, eventId);
  return false;
}

/** Cancels a run; resolves with whether it was in progress. */
export async function cancelRun({ workflow }: Client, workflowId: string): Promise<boolean> {
  const handle = workflow.getHandle(workflowId);
  try {
    if (!isRunning(await handle.describe())) return false;
    await handle.cancel();
    return true;
  } catch (error) {
    if (isWorkflowNotFound(error)) return false; // or it has just ended
    throw error;
  }
}
