import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../domain/errors.js';
import { jobEndOf } from '../domain/job-end.js';
import { isClosed } from '../domain/job-status.js';
import type { DocumentStore } from '../domain/ports/document-store.js';
import type { ClosedRun, ClosedRuns } from '../domain/ports/runs.js';
import type { Scratch } from '../domain/ports/scratch.js';
import type { Logger } from './logger.js';

const EVERY_MS = 5000;
/** A list of closed runs may lag behind, and clocks may differ, by less than this. */
const OVERLAP_MS = 5 * 60_000;
/** Workers that were down for longer than this find the jobs that ended meanwhile as they are. */
const FIRST_LOOK_MS = 7 * 24 * 3_600_000;
/** Longer than steps of an ended job live on, unheard: their heartbeat time and a moment. */
const STEPS_LIVE_MS = 15_000;

export interface SweeperDeps {
  readonly closedRuns: ClosedRuns;
  readonly documents: Pick<DocumentStore, 'closeAbandoned' | 'findEvent'>;
  readonly scratch: Pick<Scratch, 'dropEvent' | 'events'>;
  readonly logger: Logger;
}

/**
 * Looks every 5 s, until `stop` aborts, for jobs that ended outside of their workflow's code, and
 * does what it could not: closes the event, and drops the event's files on this host.
 */
export async function sweepUntil(stop: AbortSignal, deps: SweeperDeps): Promise<void> {
  const sweeper = createSweeper(deps);
  while (!stop.aborted) {
    try {
      await sweeper.sweep(Date.now());
    } catch (error) {
      if (stop.aborted) return;
      deps.logger.warn({ reason: messageOf(error) }, 'ended jobs not swept, trying again');
    }
    await sleep(EVERY_MS, undefined, { signal: stop, ref: false }).catch(() => undefined);
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
        const firstSeen = seen.get(run.runId) ?? now;
        if (now - firstSeen > STEPS_LIVE_MS) continue;
        await sweepRun(deps, run, events.has(run.eventId));
        seen.set(run.runId, firstSeen);
      }
      // A look that failed is made again from where it began.
      since = now - OVERLAP_MS;
      forget(seen, since - OVERLAP_MS);
    },
  };
}

async function sweepRun(
  { closedRuns, documents, scratch, logger }: SweeperDeps,
  { workflowId, eventId }: ClosedRun,
  hasFiles: boolean,
): Promise<void> {
  const event = await documents.findEvent(eventId);
  if (event && isClosed(event.status) && !hasFiles) return;
  const end = await closedRuns.endOf(workflowId);
  if (!end) return;
  const { firstRunId, kind } = end;
  const { status, error } = jobEndOf(end);
  const closed = await documents.closeAbandoned(firstRunId, { status, error });
  if (closed) logger.info({ event: closed, status, error }, 'event of an ended job closed');
  const isAnothers = event && !isClosed(event.status) && event.run_id !== firstRunId;
  if (!hasFiles || isAnothers) return;
  await scratch.dropEvent(eventId);
  logger.info({ event: eventId, kind }, 'files of an ended job dropped');
}

function forget(seen: Map<string, number>, before: number): void {
  for (const [runId, time] of seen) if (time < before) seen.delete(runId);
}
