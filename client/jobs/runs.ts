import {
  type Client,
  type WorkflowExecutionDescription,
  type WorkflowExecutionInfo,
  type WorkflowExecutionStatusName,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { AppError } from '../../domain/errors.js';
import { eventIdOfWorkflow } from '../../domain/hash.js';
import type { JobStatus } from '../../domain/job/job-status.js';
import { isId, SEARCH_ATTRIBUTES, VIDEO_DETECTION, workflowIdOf } from '../../domain/names.js';

/** A run as Temporal describes or lists it. */
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
  // Its document is corrected to the same by the next look of a video worker.
  TERMINATED: 'cancelled',
  CANCELLED: 'cancelled',
};

/** The one of the five words that a state of Temporal means. */
export function statusOf(
  state: WorkflowExecutionStatusName,
  attribute: string | undefined,
): JobStatus {
  const status = STATUS_OF[state];
  return status === 'processing' && attribute === 'predictable' ? 'predictable' : status;
}

/** Status of a run that was described or listed. */
export function statusOfRun(run: Run): JobStatus {
  return statusOf(run.status.name, run.typedSearchAttributes.get(SEARCH_ATTRIBUTES.status));
}

/** Event id of a run; before it has opened its event, that which follows from the workflow id. */
export function eventIdOfRun(run: Run): string {
  return (
    run.typedSearchAttributes.get(SEARCH_ATTRIBUTES.eventId) ?? eventIdOfWorkflow(run.workflowId)
  );
}

/**
 * The newest run of a job; undefined when Temporal knows none. Jobs that were started by other
 * means than a client have workflow ids of another form and are found by their attribute.
 */
export async function findRun(
  temporal: Client,
  eventId: string,
): Promise<WorkflowExecutionDescription | undefined> {
  if (!isId(eventId)) throw noEventId(eventId);
  const direct = await describeRun(temporal, workflowIdOf(eventId));
  if (direct) return direct;
  const query = `WorkflowType = '${VIDEO_DETECTION}' AND EventId = '${eventId}'`;
  for await (const { workflowId } of temporal.workflow.list({ query, pageSize: 1 })) {
    return describeRun(temporal, workflowId);
  }
  return undefined;
}

function noEventId(text: string): AppError {
  return new AppError(
    'INVALID_INPUT',
    `Expected the id of a job (letters, digits, "_" or "-"), received ${JSON.stringify(text.slice(0, 80))}.`,
  );
}

/** The newest run of a workflow; undefined when Temporal knows none. */
export async function describeRun(
  temporal: Client,
  workflowId: string,
): Promise<WorkflowExecutionDescription | undefined> {
  try {
    return await temporal.workflow.getHandle(workflowId).describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

/** When the first run of a chain of continued runs started. */
export async function startOfChain(temporal: Client, run: Run): Promise<Date> {
  const firstRunId = firstRunIdOf(run);
  if (!firstRunId || firstRunId === run.runId) return run.startTime;
  try {
    return (await temporal.workflow.getHandle(run.workflowId, firstRunId).describe()).startTime;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return run.startTime;
    throw error;
  }
}

/** It lies at another place in a description than in a list. */
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
    `No job ${JSON.stringify(eventId)} is known.`,
    { event_id: eventId },
    { advice: 'list-jobs' },
  );
}

/** @throws AppError `JOB_NOT_FOUND`. */
export function noResult(eventId: string): AppError {
  return new AppError('JOB_NOT_FOUND', `Job ${eventId} has no result (yet).`, {
    event_id: eventId,
  });
}
