import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { hasOpenRun, isWorkflowNotFound } from '../domain/temporal-runs.js';
import type { VidetteClientDeps } from './deps.js';

/** Time that a cancelled run has to close before it is terminated, in milliseconds. */
const CANCEL_MS = 30_000;
/** Time after which the activities of a terminated run write no more, in milliseconds. */
const SETTLE_MS = 12_000;
const POLL_MS = 200;

/**
 * Cancels the open run of a workflow, and resolves when nothing of it writes any more; a run that does
 * not close is terminated with a reason.
 */
export async function endRun(
  { temporal }: Pick<VidetteClientDeps, 'temporal'>,
  workflowId: string,
  reason: string,
): Promise<void> {
  if (!(await hasOpenRun(temporal, workflowId))) return;
  const handle = temporal.workflow.getHandle(workflowId);
  await unlessClosed(handle, (run) => run.cancel());
  const deadline = Date.now() + CANCEL_MS;
  while (await hasOpenRun(temporal, workflowId)) {
    if (Date.now() < deadline) {
      await sleep(POLL_MS);
      continue;
    }
    await unlessClosed(handle, (run) => run.terminate(reason));
    await sleep(SETTLE_MS);
  }
}

/** Ends a run; does nothing if it is closed. */
export async function unlessClosed(
  handle: WorkflowHandle,
  end: (handle: WorkflowHandle) => Promise<unknown>,
): Promise<void> {
  try {
    await end(handle);
  } catch (error) {
    if (!isWorkflowNotFound(error)) throw error;
  }
}
