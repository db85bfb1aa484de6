import {
  ApplicationFailure,
  CancelledFailure,
  type Client,
  TerminatedFailure,
  TimeoutFailure,
  type WorkflowExecutionDescription,
  WorkflowFailedError,
} from '@temporalio/client';
import { AppError, ERROR_CODES, type ErrorCode, messageOf } from '../../domain/errors.js';
import { jobEndOf } from '../../domain/job/job-end.js';
import { BUCKETS, keys } from '../../domain/names.js';
import { outcomeOfEvent } from '../../domain/job/outcome.js';
import type { JobOutcome } from '../../domain/job/activity-contracts.js';
import type { VideoDetection } from '../../workflows/index.js';
import type { VidetteClientDeps } from '../deps.js';
import { readOverview } from '../results/result-overview.js';
import { findRun, jobNotFound } from './runs.js';
import type { ResultOverview } from '../types.js';
import { whileUnavailable } from './while-unavailable.js';

/** Message of the SDK for a run that was terminated without a reason. */
const NO_REASON = 'Workflow execution terminated';

/**
 * Waits until a job closes; a cancelled one resolves with its partial outcome.
 * @throws AppError with the code and message of a job that failed.
 */
export async function awaitOutcome(
  deps: VidetteClientDeps,
  eventId: string,
  signal?: AbortSignal,
): Promise<JobOutcome> {
  const run = await whileUnavailable(() => findRun(deps.temporal, eventId), signal);
  if (run) return whileUnavailable(() => outcomeOfRun(deps, run, eventId, signal), signal);
  const event = await deps.documents.findEvent(eventId);
  if (!event) throw jobNotFound(eventId);
  if (event.status === 'failed') throw new AppError('JOB_FAILED', event.error ?? 'Unknown reason.');
  return outcomeOfEvent(event);
}

/** Waits for the outcome of a run. */
export async function outcomeOfRun(
  deps: VidetteClientDeps,
  { workflowId }: Pick<WorkflowExecutionDescription, 'workflowId'>,
  eventId: string,
  signal?: AbortSignal,
): Promise<JobOutcome> {
  const { temporal } = deps;
  const handle = temporal.workflow.getHandle<typeof VideoDetection>(workflowId);
  const wait = () => handle.result();
  try {
    return await (signal ? temporal.withAbortSignal(signal, wait) : wait());
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof WorkflowFailedError)) throw error;
    if (isCancelled(error)) return cancelledOutcome(deps, eventId);
    throw failureOf(error, eventId);
  }
}

function isCancelled({ cause }: WorkflowFailedError): boolean {
  return cause instanceof CancelledFailure || cause instanceof TerminatedFailure;
}

/**
 * Returns the error of a failed workflow, or of its update, with its code and message.
 * @param eventId job of the workflow, if it has one.
 */
export function failureOf(error: Error, eventId?: string): AppError {
  const { cause } = error;
  const facts = { event_id: eventId };
  if (cause instanceof TerminatedFailure) {
    const reason = cause.message === NO_REASON ? undefined : cause.message;
    return new AppError('JOB_TERMINATED', jobEndOf({ kind: 'terminated', reason }).error, facts);
  }
  if (cause instanceof TimeoutFailure) {
    return new AppError('JOB_FAILED', jobEndOf({ kind: 'timed_out' }).error, facts);
  }
  const type = cause instanceof ApplicationFailure ? cause.type : undefined;
  const message = messageOf(cause ?? error);
  return new AppError(isErrorCode(type) ? type : 'JOB_FAILED', message, facts);
}

/** Reads the error of a closed workflow; undefined if it returned a result. */
export async function readFailure(
  temporal: Client,
  workflowId: string,
  runId?: string,
): Promise<AppError | undefined> {
  try {
    await temporal.workflow.getHandle(workflowId, runId).result();
    return undefined;
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    return failureOf(error);
  }
}

function isErrorCode(text: string | null | undefined): text is ErrorCode {
  return typeof text === 'string' && Object.hasOwn(ERROR_CODES, text);
}

async function cancelledOutcome(
  { objects, documents }: VidetteClientDeps,
  eventId: string,
): Promise<JobOutcome> {
  const overview = await readOverview(objects, eventId);
  if (overview) return outcomeOfOverview(overview);
  const event = await documents.findEvent(eventId);
  if (event) return { ...outcomeOfEvent(event), status: 'cancelled' };
  throw new AppError('JOB_FAILED', `Job ${eventId} was cancelled before its first detection.`);
}

function outcomeOfOverview(overview: ResultOverview): JobOutcome {
  const { event_id, video_id, status, frames, skipped, objects, device, model } = overview;
  const result = { bucket: BUCKETS.results, key: keys.result(event_id) };
  return { event_id, video_id, status, frames, skipped, objects, device, model, result };
}
