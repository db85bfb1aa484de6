import { AppError, hasCode, messageOf } from '../../domain/errors.js';
import type { EventDocument } from '../../domain/job/event.js';
import { jobEndOf, type RunEnd } from '../../domain/job/job-end.js';
import { isClosed } from '../../domain/job/job-status.js';
import type { DocumentStore } from '../../domain/ports/document-store.js';
import type { JobMeter } from '../../domain/ports/meters.js';
import type { ClosedRun, ClosedRuns, JobEndNotifier, NewestEnd } from '../../domain/ports/runs.js';
import type { Scratch } from '../../domain/ports/scratch.js';
import type { Logger } from '../../runtime/logger.js';
import { repeatUntil } from '../../runtime/repeat-until.js';
import { dropDeleted } from './drop-deleted.js';

/** Upper bound of the delay of Temporal's lists and of the difference between clocks. */
const OVERLAP_MS = 5 * 60_000;
/** Time before the start of a worker from which the first sweep reads closed runs. */
const FIRST_SWEEP_MS = 7 * 24 * 3_600_000;
/** Upper bound of the time that activities run on after their job: the heartbeat timeout and more. */
const ACTIVITIES_END_MS = 15_000;

/** Runs that Temporal ended: their workflow could not start the webhook. */
const ENDED_BY_SERVER: readonly RunEnd['kind'][] = ['terminated', 'timed_out'];

export interface SweeperDeps {
  readonly closedRuns: ClosedRuns;
  readonly documents: Pick<DocumentStore, 'closeAbandoned' | 'findEvent' | 'findStatuses'>;
  readonly jobEndNotifier: JobEndNotifier;
  readonly jobMeter: JobMeter;
  readonly scratch: Pick<Scratch, 'dropEvent' | 'events'>;
  readonly logger: Logger;
}

/**
 * Sweeps every `everyMs` milliseconds until `stop` aborts: finds jobs that ended without their
 * workflow's code, closes their events, starts their webhooks and removes their files from this host,
 * as well as those of deleted jobs.
 */
export function sweepUntil(stop: AbortSignal, deps: SweeperDeps, everyMs: number): Promise<void> {
  const sweeper = createSweeper(deps);
  const repetition = {
    everyMs,
    logger: deps.logger,
    failure: 'ended jobs not swept, trying again',
  };
  return repeatUntil(stop, repetition, () => sweeper.sweep(Date.now()));
}

/** Creates a sweeper, which remembers the runs that it has seen. */
export function createSweeper(deps: SweeperDeps) {
  /** Time at which a run was first seen as closed, by its id. */
  const seen = new Map<string, number>();
  let since: number | undefined;
  return {
    /** @param now milliseconds since the epoch. */
    sweep: async (now: number): Promise<void> => {
      const from = since ?? now - FIRST_SWEEP_MS;
      const events = new Set(await deps.scratch.events());
      await dropDeleted(deps, events);
      const failures: unknown[] = [];
      for await (const run of deps.closedRuns.since(new Date(from))) {
        const firstSeen = seen.get(run.runId);
        if (firstSeen !== undefined && now - firstSeen > ACTIVITIES_END_MS) continue;
        const error = await sweepAlone(deps, run, {
          hasFiles: events.has(run.eventId),
          needsWebhook: firstSeen === undefined && ENDED_BY_SERVER.includes(run.kind),
        });
        if (error === undefined) seen.set(run.runId, firstSeen ?? now);
        else failures.push(error);
      }
      if (failures.length > 0) throw failures[0];
      // After a failed sweep, the next one starts from the same time.
      since = now - OVERLAP_MS;
      forget(seen, since - OVERLAP_MS);
    },
  };
}

/** Work that a closed run may have left. */
interface Leftover {
  readonly hasFiles: boolean;
  readonly needsWebhook: boolean;
}

/** Sweeps a run; returns an error after which the next sweep must start from the same time. */
async function sweepAlone(deps: SweeperDeps, run: ClosedRun, leftover: Leftover): Promise<unknown> {
  try {
    await sweepRun(deps, run, leftover);
    return undefined;
  } catch (error) {
    if (hasCode(error, 'SERVER_UNAVAILABLE')) throw error;
    const { workflowId, runId } = run;
    deps.logger.warn({ workflowId, runId, reason: messageOf(error) }, 'ended job not swept');
    return error instanceof AppError && !error.retryable ? undefined : error;
  }
}

async function sweepRun(
  deps: SweeperDeps,
  { workflowId, eventId }: ClosedRun,
  { hasFiles, needsWebhook }: Leftover,
): Promise<void> {
  const { closedRuns, documents, jobMeter, scratch, logger } = deps;
  const event = await documents.findEvent(eventId);
  if (event && isClosed(event.status) && !hasFiles && !needsWebhook) return;
  const end = await closedRuns.endOf(workflowId);
  if (!end) return;
  const { firstRunId, kind, endedAt } = end;
  const { status, error } = jobEndOf(end);
  const closed = await documents.closeAbandoned(firstRunId, {
    ...{ status, error },
    closed_at: endedAt,
  });
  if (closed) {
    const createdAt = event?.created_at ?? endedAt;
    jobMeter.closed(status, Math.max(0, endedAt.getTime() - createdAt.getTime()) / 1000);
    logger.info({ event: closed, status, error }, 'event of an ended job closed');
  }
  if (needsWebhook && ENDED_BY_SERVER.includes(kind))
    await sendEndWebhook(deps, { workflowId, eventId }, end);
  const belongsToOther = event && !isClosed(event.status) && event.run_id !== firstRunId;
  if (!hasFiles || belongsToOther) return;
  await scratch.dropEvent(eventId);
  logger.info({ event: eventId, kind }, 'files of an ended job dropped');
}

/** Sends the status of the event if it is closed: a job may have been ready when it was terminated. */
async function sendEndWebhook(
  { documents, jobEndNotifier, logger }: SweeperDeps,
  { workflowId, eventId }: Pick<ClosedRun, 'workflowId' | 'eventId'>,
  end: NewestEnd,
): Promise<void> {
  const { runId, firstRunId, endedAt } = end;
  const event = await documents.findEvent(eventId);
  const closed = event?.run_id === firstRunId ? closedStatus(event) : undefined;
  const jobEnd = { workflowId, runId, firstRunId, endedAt, ...(closed ?? jobEndOf(end)) };
  if (!(await jobEndNotifier.notify(jobEnd))) return;
  logger.info({ event: eventId, status: jobEnd.status }, 'webhook started');
}

function closedStatus({ status, error }: EventDocument) {
  return isClosed(status) ? { status, error } : undefined;
}

function forget(seen: Map<string, number>, before: number): void {
  for (const [runId, time] of seen) if (time < before) seen.delete(runId);
}
