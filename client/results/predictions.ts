import { setTimeout as sleep } from 'node:timers/promises';
import { findPart, readPlan } from '../../domain/job/job-store.js';
import { isClosed } from '../../domain/job/job-status.js';
import type { Part } from '../../domain/result/part.js';
import type { VideoPlan } from '../../domain/video/plan.js';
import type { VidetteClientDeps } from '../deps.js';
import type { ResultFrame } from '../../domain/result/result.js';
import { findRun, jobNotFound, statusOfRun } from '../jobs/runs.js';
import { whileUnavailable } from '../jobs/while-unavailable.js';

export interface PredictionsOptions {
  /** Omits frames up to and including this one, to resume an earlier read. */
  readonly after?: number;
  readonly signal?: AbortSignal;
  /** Interval between two reads of a part that is not stored yet, in milliseconds; default: 300. */
  readonly everyMs?: number;
}

const EVERY_MS = 300;

/**
 * Yields each sampled frame of a job in order as soon as its range is stored, skipped frames with
 * their reason. Ends when the job is closed and all stored frames were yielded: a cancelled or failed
 * job has gaps. @throws AppError `JOB_NOT_FOUND`.
 */
export async function* predictions(
  deps: VidetteClientDeps,
  eventId: string,
  { after = -1, signal, everyMs = EVERY_MS }: PredictionsOptions = {},
): AsyncGenerator<ResultFrame, void> {
  const wait = { signal, everyMs };
  const plan = await waitFor(deps, eventId, () => readPlan(deps.objects, eventId), wait);
  for (const { index } of plan ? rangesAfter(plan, after) : []) {
    const part = await waitFor(deps, eventId, () => findPart(deps.objects, eventId, index), wait);
    for (const frame of part ? framesOf(part) : []) if (frame.frame > after) yield frame;
  }
}

function rangesAfter({ ranges }: VideoPlan, after: number) {
  return ranges.filter(({ to, sampled }) => to - 1 > after && sampled > 0);
}

/** Returns rows and skipped frames of a part, sorted by frame. */
export function framesOf({ rows, skipped }: Pick<Part, 'rows' | 'skipped'>): ResultFrame[] {
  return [...rows, ...skipped].sort((a, b) => a.frame - b.frame);
}

/** Polls `find`; returns undefined if the job closes before it finds something. */
async function waitFor<T>(
  deps: VidetteClientDeps,
  eventId: string,
  find: () => Promise<T | undefined>,
  { signal, everyMs }: { readonly signal: AbortSignal | undefined; readonly everyMs: number },
): Promise<T | undefined> {
  for (;;) {
    signal?.throwIfAborted();
    const found = await find();
    if (found !== undefined) return found;
    // It may have been stored between the two reads.
    if (await whileUnavailable(() => isOver(deps, eventId), signal)) return find();
    await sleep(everyMs, undefined, { signal });
  }
}

async function isOver(deps: VidetteClientDeps, eventId: string): Promise<boolean> {
  const run = await findRun(deps.temporal, eventId);
  if (run) return isClosed(statusOfRun(run));
  if (await deps.documents.findEvent(eventId)) return true;
  throw jobNotFound(eventId);
}
