import {
  type Client,
  type WorkflowExecutionDescription,
  type WorkflowExecutionStatusName,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import { eventIdOfWorkflow } from '../../domain/hash.js';
import type { RunEnd } from '../../domain/job/job-end.js';
import { VIDEO_DETECTION } from '../../domain/names.js';
import type { ClosedRuns } from '../../domain/ports/runs.js';

const EVENT_ID = defineSearchAttributeKey('EventId', 'KEYWORD');
/** `CLOSE_EVENT` in the server's enumeration of history filters. */
const CLOSE_EVENT = 2;
/** Statuses of a run that closed without completing. */
const KINDS: Partial<Record<WorkflowExecutionStatusName, RunEnd['kind']>> = {
  TERMINATED: 'terminated',
  TIMED_OUT: 'timed_out',
  CANCELLED: 'cancelled',
  FAILED: 'failed',
};
const NOT_COMPLETED = "'Terminated', 'TimedOut', 'Failed', 'Canceled'";

/** Reads the ends of jobs from Temporal's visibility and histories. */
export function createClosedRuns(client: Client): ClosedRuns {
  return {
    since: async function* (time) {
      const query =
        `WorkflowType = '${VIDEO_DETECTION}' AND ExecutionStatus IN (${NOT_COMPLETED}) ` +
        `AND CloseTime >= '${time.toISOString()}'`;
      for await (const run of client.workflow.list({ query })) {
        const { workflowId, runId, typedSearchAttributes } = run;
        const eventId = typedSearchAttributes.get(EVENT_ID) ?? eventIdOfWorkflow(workflowId);
        const kind = KINDS[run.status.name];
        if (kind) yield { workflowId, runId, eventId, kind };
      }
    },
    endOf: async (workflowId) => {
      const run = await newestRun(client, workflowId);
      const kind = run && KINDS[run.status.name];
      if (!kind) return undefined;
      const { runId, closeTime: endedAt = new Date() } = run;
      const firstRunId = run.raw.workflowExecutionInfo?.firstRunId ?? runId;
      return { kind, runId, firstRunId, endedAt, ...(await reasonOf(client, run)) };
    },
  };
}

async function newestRun(
  client: Client,
  workflowId: string,
): Promise<WorkflowExecutionDescription | undefined> {
  try {
    return await client.workflow.getHandle(workflowId).describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

/** What the last event of a closed run says about who ended it, and why. */
async function reasonOf(
  { workflowService, options: { namespace } }: Client,
  { workflowId, runId }: WorkflowExecutionDescription,
): Promise<Omit<RunEnd, 'kind'>> {
  const { history } = await workflowService.getWorkflowExecutionHistory({
    namespace,
    execution: { workflowId, runId },
    historyEventFilterType: CLOSE_EVENT,
  });
  const last = history?.events?.at(-1);
  const terminated = last?.workflowExecutionTerminatedEventAttributes;
  if (terminated) {
    return { by: terminated.identity ?? undefined, reason: terminated.reason ?? undefined };
  }
  const failure = last?.workflowExecutionFailedEventAttributes?.failure;
  return { reason: failure?.message ?? undefined };
}
