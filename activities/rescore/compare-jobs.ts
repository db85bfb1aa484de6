import { AppError, type ErrorCode } from '../../domain/errors.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import { shareOf } from '../../domain/rescore/compare-image.js';
import { type FrameCase, worthOfObjects } from '../../domain/rescore/rescore-case.js';
import type { JobsReport, NotCompared, PastJob, PastList } from '../../domain/rescore/rescore.js';
import { describeDiff } from '../../domain/result/diff/describe-diff.js';
import { createDiffCounter } from '../../domain/result/diff/diff-counts.js';
import { isDifferent } from '../../domain/result/diff/diff-frames.js';
import { type DiffLine, diffResults } from '../../domain/result/diff/diff-results.js';

/** Maximum number of jobs that were not compared in a report. */
const LISTED_MAX = 100;
/** Errors of a job that cannot be compared; the others are compared. */
const NOT_COMPARED: readonly ErrorCode[] = ['JOB_NOT_FOUND', 'NOT_COMPARABLE', 'INVALID_INPUT'];

/** Creates a comparison of past jobs with the jobs of the other model. */
export function createJobComparison(objects: ObjectStore, list: PastList) {
  const counter = createDiffCounter();
  const notCompared: NotCompared[] = [...list.not_compared];
  async function* cases(signal: AbortSignal): AsyncGenerator<FrameCase, void> {
    for (const job of list.jobs) {
      const lines = await openDiff(objects, job, signal);
      if (typeof lines === 'string') {
        notCompared.push({ event_id: job.event_id, reason: lines });
        continue;
      }
      for await (const line of lines) {
        if (line.type === 'summary') continue;
        counter.add(line);
        const found = caseOf(line, job);
        if (found) yield found;
      }
    }
  }
  return {
    /** Yields the frames that differ, job by job. */
    cases,
    report: (): JobsReport => {
      const total = list.jobs.length + list.not_compared.length;
      const objects = counter.counts();
      return {
        ...{ total, compared: total - notCompared.length },
        not_compared: notCompared.slice(0, LISTED_MAX),
        agreement: shareOf(objects.frames - objects.frames_different, objects.frames),
        objects,
      };
    },
  };
}

/** Opens the difference between both jobs, or returns why they cannot be compared. */
async function openDiff(
  objects: ObjectStore,
  { event_id: a, rescored_event_id: b }: PastJob,
  signal: AbortSignal,
): Promise<AsyncIterable<DiffLine> | string> {
  try {
    return await diffResults(objects, { a, b }, { signal });
  } catch (error) {
    if (error instanceof AppError && NOT_COMPARED.includes(error.code)) return error.message;
    throw error;
  }
}

function caseOf(
  line: Exclude<DiffLine, { readonly type: 'summary' }>,
  job: PastJob,
): FrameCase | undefined {
  if (line.type === 'skipped' || !isDifferent(line)) return undefined;
  const { frame, timestamp_ms } = line;
  const change = describeDiff(line);
  return { type: 'frame', ...job, frame, timestamp_ms, change, worth: worthOfObjects(line) };
}
