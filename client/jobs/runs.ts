import type {
  Client,
  WorkflowExecutionDescription,
  WorkflowExecutionInfo,
  WorkflowExecutionStatusName,
} from '@temporalio/client';
import { AppError } from '../../domain/errors.js';
import { eventIdOfRun as eventIdFrom } from '../../domain/hash.js';
import type { JobStatus } from '../../domain/job/job-status.js';
import { isId, VIDEO_DETECTION } from '../../domain/names.js';
import { workflowIdOf } from '../../domain/workflow-ids.js';
import { SEARCH_ATTRIBUTES } from '../../domain/search-attributes.js';
import { describeRun } from '../../domain/temporal-runs.js';

/** A described or listed run. */
export type Run = WorkflowExecutionInfo | WorkflowExecutionDescription;

const STATUS_OF: Record<WorkflowExecutionStatusName, JobStatus> = {
  UNSPECIFIED: 'processing',
  UNKNOWN: 'processing',
  RUNNING: 'processing',
  PAUSED: 'processing',
  CONTINUED_AS_NEW: 'processing',
  COMPLETED: 'ready',
  FAILED: 'failed',
  TIMED_OUT: 'failed',
  // The sweeper of a video worker writes the same to the event.
  TERMINATED: 'cancelled',
  CANCELLED: 'cancelled',
};

/** Returns the job status of a state of Temporal. */
export function statusOf(
  state: WorkflowExecutionStatusName,
  attribute: string | undefined,
): JobStatus {
  const status = STATUS_OF[state];
  return status === 'processing' && attribute === 'predictable' ? 'predictable' : status;
}

/** Returns the job status of a run. */
export function statusOfRun(run: Run): JobStatus {
  return statusOf(run.status.name, run.typedSearchAttributes.get(SEARCH_ATTRIBUTES.status));
}

/** Returns the event id of a run, which is always a valid id. */
export function eventIdOfRun(run: Run): string {
  return eventIdFrom(run.typedSearchAttributes.get(SEARCH_ATTRIBUTES.eventId), run.workflowId);
}

/**
 * Finds the newest run of a job; undefined if Temporal has none. Jobs that were not started by this
 * client may have any workflow id and are found by their search attribute.
 */
export async function findRun(
  temporal: Client,
  eventId: string,
): Promise<WorkflowExecutionDescription | undefined> {
  if (!isId(eventId)) throw invalidEventId(eventId);
  const direct = await describeRun(temporal, workflowIdOf(eventId));
  if (direct) return direct;
  const query = `WorkflowType = '${VIDEO_DETECTION}' AND EventId = '${eventId}'`;
  for await (const { workflowId } of temporal.workflow.list({ query, pageSize: 1 })) {
    return describeRun(temporal, workflowId);
  }
  return undefined;
}

function invalidEventId(text: string): AppError {
  return new AppError(
    'INVALID_INPUT',
    `Expected an event_id of letters, digits, "_" or "-", received ${JSON.stringify(text.slice(0, 80))}.`,
  );
}

/** Returns the start time of the first run of a chain of continued runs. */
export async function startOfChain(temporal: Client, run: Run): Promise<Date> {
  const firstRunId = firstRunIdOf(run);
  if (!firstRunId || firstRunId === run.runId) return run.startTime;
  const first = await describeRun(temporal, run.workflowId, firstRunId);
  return first?.startTime ?? run.startTime;
}

/** The field is nested differently in a description than in a list. */
function firstRunIdOf({ raw }: Run): string | null | undefined {
  return 'workflowExecutionInfo' in raw ? raw.workflowExecutionInfo?.firstRunId : firstOf(raw);
}

function firstOf(raw: object): string | undefined {
  return 'firstRunId' in raw && typeof raw.firstRunId === 'string' ? raw.firstRunId : undefined;
}

/** @throws AppError `JOB_NOT_FOUND`. */
export function jobNotFound(eventId: string): AppError {
  return new AppError(
    'JOB_NOT_FOUND',
    `Job ${JSON.stringify(eventId)} does not exist.`,
    { event_id: eventId },
    { advice: 'list-jobs' },
  );
}
