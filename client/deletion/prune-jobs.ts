import { randomUUID } from 'node:crypto';
import { AppError } from '../../domain/errors.js';
import { findImageBatchesBefore } from '../../domain/image-batch/prunable-batches.js';
import type { PrunedJobs, PruneRequest } from '../../domain/job/deletion.js';
import { findPrunable } from '../../domain/job/prunable-jobs.js';
import { VIDEO_QUEUE } from '../../domain/job/task-queues.js';
import { PRUNE_JOBS } from '../../domain/names.js';
import { findRescoringsBefore } from '../../domain/rescore/prunable-rescorings.js';
import { findRetrainingsBefore } from '../../domain/retrain/prunable-retrainings.js';
import type { PruneJobs } from '../../workflows/index.js';
import { awaitWorkflow } from '../await-workflow.js';
import type { VidetteClientDeps } from '../deps.js';

/**
 * Deletes jobs that ended before a time, or only their frames, and rescorings, batches of images and
 * retrainings that are as old; resolves with their numbers.
 */
export async function pruneJobs(
  { temporal }: Pick<VidetteClientDeps, 'temporal'>,
  request: PruneRequest,
  signal?: AbortSignal,
): Promise<PrunedJobs> {
  checkAge(request);
  const workflowId = `prune-jobs/${randomUUID()}`;
  const start = () =>
    temporal.workflow.start<typeof PruneJobs>(PRUNE_JOBS, {
      taskQueue: VIDEO_QUEUE,
      workflowId,
      workflowIdConflictPolicy: 'USE_EXISTING',
      args: [request],
    });
  return awaitWorkflow(temporal, start, signal);
}

/** Yields the ids of the jobs that {@link pruneJobs} would prune. */
export async function* prunableJobs(
  deps: Pick<VidetteClientDeps, 'documents' | 'objects'>,
  request: PruneRequest,
): AsyncGenerator<string, void> {
  const before = timeBefore(request);
  let after: string | undefined;
  do {
    const page = await findPrunable(deps, { before, after, framesOnly: request.frames_only });
    yield* page.event_ids;
    after = page.next;
  } while (after !== undefined);
}

/** Yields the ids of the rescorings that {@link pruneJobs} would remove, unless they run. */
export async function* prunableRescorings(
  { objects }: Pick<VidetteClientDeps, 'objects'>,
  request: PruneRequest,
): AsyncGenerator<string, void> {
  const before = timeBefore(request);
  if (!request.frames_only) yield* findRescoringsBefore(objects, before);
}

/** Yields the ids of the batches of images that {@link pruneJobs} would remove, unless they run. */
export async function* prunableImageBatches(
  deps: Pick<VidetteClientDeps, 'documents' | 'objects'>,
  request: PruneRequest,
): AsyncGenerator<string, void> {
  const before = timeBefore(request);
  if (!request.frames_only) yield* findImageBatchesBefore(deps, before);
}

/** Yields the ids of the retrainings that {@link pruneJobs} would remove, unless their model is trained. */
export async function* prunableRetrainings(
  { objects }: Pick<VidetteClientDeps, 'objects'>,
  request: PruneRequest,
): AsyncGenerator<string, void> {
  const before = timeBefore(request);
  if (request.frames_only) return;
  for await (const { retrain_id } of findRetrainingsBefore(objects, before)) yield retrain_id;
}

function timeBefore(request: PruneRequest): Date {
  checkAge(request);
  return new Date(Date.now() - request.older_than_s * 1000);
}

/** Maximum age in seconds: 50 years. */
const MAX_AGE_S = 50 * 365 * 86_400;

function checkAge({ older_than_s: age }: Pick<PruneRequest, 'older_than_s'>): void {
  if (age >= 0 && age <= MAX_AGE_S) return;
  throw new AppError(
    'INVALID_INPUT',
    `Expected an age from 0 to ${MAX_AGE_S} seconds, received ${age}.`,
  );
}
