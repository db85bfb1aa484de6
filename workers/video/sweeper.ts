import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../domain/errors.js';
import type { EventDocument } from '../../domain/job/event.js';
import { jobEndOf, type RunEnd } from '../../domain/job/job-end.js';
import { isClosed } from '../../domain/job/job-status.js';
import type { DocumentStore } from '../../domain/ports/document-store.js';
import type { ClosedRun, ClosedRuns, JobEndNotifier, NewestEnd } from '../../domain/ports/runs.js';
import type { Scratch } from '../../domain/ports/scratch.js';
import type { Logger } from '../../runtime/logger.js';

/** A list of closed runs may lag behind, and clocks may differ, by less than this. */
const OVERLAP_MS = 5 * 60_000;
/** Workers that were down for longer than this find the jobs that ended meanwhile as they are. */
const FIRST_LOOK_MS = 7 * 24 * 3_600_000;
/** Longer than steps of an ended job live on, unheard: their heartbeat time and a moment. */
const STEPS_LIVE_MS = 15_000;

/** A workflow that failed or was cancelled has told it itself. */
const ENDED_BY_SERVER: readonly RunEnd['kind'][] = ['terminated', 'timed_out'];

export interface SweeperDeps {
  readonly closedRuns: ClosedRuns;
  readonly documents: Pick<DocumentStore, 'closeAbandoned' | 'findEvent'>;
  readonly jobEndNotifier: JobEndNotifier;
  readonly scratch: Pick<Scratch, 'dropEvent' | 'events'>;
  readonly logger: Logger;
}

/**
 * Looks every `everyMs` milliseconds, until `stop` aborts, for jobs that ended outside of their workflow's code, and
 * does what it could not: closes the event, starts its webhook, and drops its files on this host.
 */
export async function sweepUntil(
  stop: AbortSignal,
  deps: SweeperDeps,
  everyMs: number,
): Promise<void> {
  const sweeper = createSweeper(deps);
  while (!stop.aborted) {
    try {
      await sweeper.sweep(Date.now());
    } catch (error) {
      if (stop.aborted) return;
      deps.logger.warn({ reason: messageOf(error) }, 'ended jobs not swept, trying again');
    }
    await sleep(everyMs, undefined, { signal: stop, ref: false }).catch(() => undefined);
  }
}

/** One look after another. */
export function createSweeper(deps: SweeperDeps) {
  /** When a run was first seen as closed, by its id. */
  const seen = new Map<string, number>();
  let since: number | undefined;
  return {
    /** @param now milliseconds since the epoch. */
    sweep: async (now: number): Promise<void> => {
      const from = since ?? now - FIRST_LOOK_MS;
      const events = new Set(await deps.scratch.events());
      for await (const run of deps.closedRuns.since(new Date(from))) {
        const firstSeen = seen.get(run.runId);
        if (firstSeen !== undefined && now - firstSeen > STEPS_LIVE_MS) continue;
        await sweepRun(deps, run, {
          hasFiles: events.has(run.eventId),
          needsWebhook: firstSeen === undefined && ENDED_BY_SERVER.includes(run.kind),
        });
        seen.set(run.runId, firstSeen ?? now);
      }
      // A look that failed is made again from where it began.
      since = now - OVERLAP_MS;
      forget(seen, since - OVERLAP_MS);
    },
  };
}

/** What there may be to do for a run. */
interface Leftover {
  readonly hasFiles: boolean;
  readonly needsWebhook: boolean;
}

async function sweepRun(
  deps: SweeperDeps,
  { workflowId, eventId }: ClosedRun,
  { hasFiles, needsWebhook }: Leftover,
): Promise<void> {
  const { closedRuns, documents, scratch, logger } = deps;
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
  if (closed) logger.info({ event: closed, status, error }, 'event of an ended job closed');
  if (needsWebhook && ENDED_BY_SERVER.includes(kind))
    await sendEndWebhook(deps, { workflowId, eventId }, end);
  const isAnothers = event && !isClosed(event.status) && event.run_id !== firstRunId;
  if (!hasFiles || isAnothers) return;
  await scratch.dropEvent(eventId);
  logger.info({ event: eventId, kind }, 'files of an ended job dropped');
}

/** Tells what the event says: a job may have been ready when it was terminated. */
async function sendEndWebhook(
  { documents, jobEndNotifier, logger }: SweeperDeps,
  { workflowId, eventId }: Pick<ClosedRun, 'workflowId' | 'eventId'>,
  end: NewestEnd,
): Promise<void> {
  const { runId, firstRunId, endedAt } = end;
  const event = await documents.findEvent(eventId);
  const own = event?.run_id === firstRunId ? closingOf(event) : undefined;
  const told = { workflowId, runId, firstRunId, endedAt, ...(own ?? jobEndOf(end)) };
  if (!(await jobEndNotifier.notify(told))) return;
  logger.info({ event: eventId, status: told.status }, 'webhook started');
}

function closingOf({ status, error }: EventDocument) {
  return isClosed(status) ? { status, error } : undefined;
}

function forget(seen: Map<string, number>, before: number): void {
  for (const [runId, time] of seen) if (time < before) seen.delete(runId);
}
