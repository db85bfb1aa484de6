import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { isClosed } from '../../domain/job/job-status.js';
import type { Progress } from '../../domain/job/progress.js';
import type { VidetteClientDeps } from '../deps.js';
import { outcomeOfEvent } from '../../domain/job/outcome.js';
import { outcomeOfRun } from './outcome.js';
import { readPayloads } from '../../domain/temporal-payloads.js';
import { poll } from './poll.js';
import { queryProgress } from './query-progress.js';
import { createSharedReads } from './shared-reads.js';
import { findRun, jobNotFound, startOfChain, statusOfRun } from './runs.js';
import { findStuckError } from './stuck-run.js';
import type { JobProgress } from '../types.js';

export interface WatchOptions {
  readonly signal?: AbortSignal;
  /** Interval between two reads in milliseconds, shorter at first; default: 500. */
  readonly everyMs?: number;
}

/** Progress of a run. */
type RunProgress = Omit<JobProgress, 'event_id' | 'status'>;

const EVERY_MS = 500;

/** Yields progress until the job closes; continues through restarts of Temporal. */
export type WatchJob = (
  eventId: string,
  options?: WatchOptions,
) => AsyncGenerator<JobProgress, void>;

/** Creates watches of jobs; those of the same job share their reads. */
export function createWatch(deps: VidetteClientDeps): WatchJob {
  const hold = createSharedReads<JobProgress>((eventId, last) => readProgress(deps, eventId, last));
  return async function* (eventId, { signal, everyMs = EVERY_MS } = {}) {
    const { read, release } = hold(eventId);
    try {
      const isLast = ({ status }: JobProgress) => isClosed(status);
      yield* poll((_, maxAgeMs) => read(maxAgeMs), { isLast, everyMs, signal });
    } finally {
      release();
    }
  };
}

/** Reads the progress of a job. @throws AppError `JOB_NOT_FOUND`. */
export async function readProgress(
  deps: VidetteClientDeps,
  eventId: string,
  last?: JobProgress,
): Promise<JobProgress> {
  const run = await findRun(deps.temporal, eventId);
  if (!run) return fromEventDocument(deps, eventId);
  const status = statusOfRun(run);
  if (isClosed(status)) return closedProgress(deps, run, eventId, last);
  const queried = await queryRun(deps.temporal, run);
  const current = queried ?? last ?? initialProgress(run);
  const progress = await withPending(deps.temporal, current, run, last);
  const error = await findStuckError(deps.temporal, run);
  return { ...progress, event_id: eventId, status, ...(error && { error }) };
}

async function queryRun(
  temporal: Client,
  run: WorkflowExecutionDescription,
): Promise<RunProgress | undefined> {
  const progress = await queryProgress<Progress>(temporal, run);
  return progress && { ...progress, started_at: new Date(progress.started_at).toISOString() };
}

function initialProgress({ startTime }: WorkflowExecutionDescription): RunProgress {
  const counts = { frames_done: 0, frames_total: 0, skipped: 0, objects: 0 };
  return { stage: 'opening', ...counts, fps: 0, eta_s: null, started_at: startTime.toISOString() };
}

/** Adds frames of ranges in progress: the workflow counts a range only when it is done. */
async function withPending(
  temporal: Client,
  progress: RunProgress,
  run: WorkflowExecutionDescription,
  last: JobProgress | undefined,
): Promise<RunProgress> {
  if (progress.stage !== 'detecting') return progress;
  const pending = await pendingFrames(temporal, run);
  const done = Math.min(progress.frames_total, progress.frames_done + pending);
  // A retried range starts over; progress must not go back.
  return { ...progress, frames_done: Math.max(done, last?.frames_done ?? 0) };
}

/** Sums the frames in the heartbeats of running `detectObjects` activities. */
async function pendingFrames(
  temporal: Client,
  { raw }: WorkflowExecutionDescription,
): Promise<number> {
  const detecting = (raw.pendingActivities ?? []).filter(
    ({ activityType }) => activityType?.name === 'detectObjects',
  );
  const payloads = detecting.flatMap(
    ({ heartbeatDetails }) => heartbeatDetails?.payloads?.[0] ?? [],
  );
  const beats = await readPayloads(temporal, payloads);
  return beats.reduce<number>((sum, details) => sum + framesOf(details), 0);
}

function framesOf(details: unknown): number {
  const hasFrames = typeof details === 'object' && details !== null && 'frames' in details;
  return hasFrames && typeof details.frames === 'number' ? details.frames : 0;
}

async function closedProgress(
  deps: VidetteClientDeps,
  run: WorkflowExecutionDescription,
  eventId: string,
  last: JobProgress | undefined,
): Promise<JobProgress> {
  const status = statusOfRun(run);
  const startedAt = await startOfChain(deps.temporal, run);
  const counts = await outcomeOfRun(deps, run, eventId).catch(() => undefined);
  const done = counts ? counts.frames + counts.skipped : (last?.frames_done ?? 0);
  // Only the workflow knows the number of frames of a job that did not complete.
  const before = last ?? (status === 'ready' ? undefined : await queryProgress(deps.temporal, run));
  const total = Math.max(done, before?.frames_total ?? 0);
  const seconds = ((run.closeTime ?? startedAt).getTime() - startedAt.getTime()) / 1000;
  return {
    event_id: eventId,
    status,
    stage: 'done',
    frames_done: done,
    frames_total: total,
    skipped: counts?.skipped ?? last?.skipped ?? 0,
    objects: counts?.objects ?? last?.objects ?? 0,
    fps: seconds > 0 ? Math.round((done / seconds) * 10) / 10 : 0,
    eta_s: null,
    started_at: startedAt.toISOString(),
  };
}

/** Returns the progress of a job that Temporal has deleted. */
async function fromEventDocument(
  { documents }: VidetteClientDeps,
  eventId: string,
): Promise<JobProgress> {
  const event = await documents.findEvent(eventId);
  if (!event) throw jobNotFound(eventId);
  const { frames, skipped, objects } = outcomeOfEvent(event);
  return {
    event_id: eventId,
    status: isClosed(event.status) ? event.status : 'failed',
    stage: 'done',
    frames_done: frames + skipped,
    frames_total: event.frames_total ?? frames + skipped,
    skipped,
    objects,
    fps: 0,
    eta_s: null,
    started_at: event.created_at.toISOString(),
  };
}
