import {
  type Client,
  type WorkflowExecutionDescription,
  type WorkflowExecutionStatusName,
} from '@temporalio/client';
import { describeRun } from '../../domain/temporal-runs.js';
import { eventIdOfRun } from '../../domain/hash.js';
import type { RunEnd } from '../../domain/job/job-end.js';
import { VIDEO_DETECTION } from '../../domain/names.js';
import { SEARCH_ATTRIBUTES } from '../../domain/search-attributes.js';
import { callTemporal, iterateTemporal } from '../../domain/temporal-unavailable.js';
import type { ClosedRuns, NewestEnd } from '../../domain/ports/runs.js';

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
      const runs = iterateTemporal(client, client.workflow.list({ query }));
      for await (const run of runs) {
        const { workflowId, runId, typedSearchAttributes } = run;
        const eventId = eventIdOfRun(
          typedSearchAttributes.get(SEARCH_ATTRIBUTES.eventId),
          workflowId,
        );
        const kind = KINDS[run.status.name];
        if (kind) yield { workflowId, runId, eventId, kind };
      }
    },
    endOf: (workflowId) => callTemporal(client, () => endOf(client, workflowId)),
  };
}

async function endOf(client: Client, workflowId: string): Promise<NewestEnd | undefined> {
  const run = await describeRun(client, workflowId);
  const kind = run && KINDS[run.status.name];
  if (!kind) return undefined;
  const { runId, closeTime: endedAt = new Date() } = run;
  const firstRunId = run.raw.workflowExecutionInfo?.firstRunId ?? runId;
  return { kind, runId, firstRunId, endedAt, ...(await reasonOf(client, run)) };
}

/** Reads who ended a closed run, and why, from its last event. */
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
