import { AppError } from '../errors.js';
import { sha256 } from '../hash.js';
import type { BatchJob } from './batch.js';

/** Maximum number of jobs of a batch. */
export const BATCH_MAX = 5000;

/**
 * Returns the id of a batch: the same videos with the same model and options are the same jobs, and so
 * the same batch, in any order.
 */
export function batchIdOf(jobs: readonly BatchJob[]): string {
  const ids = jobs.map(({ event_id }) => event_id).sort();
  return `batch-${sha256(ids.join('\n')).slice(0, 12)}`;
}

/**
 * Returns the distinct ids of the videos of a batch.
 * @throws AppError `INVALID_INPUT` without any, `LIMIT_EXCEEDED` for more than {@link BATCH_MAX}.
 */
export function distinctVideos(videoIds: readonly string[]): string[] {
  const distinct = [...new Set(videoIds)];
  if (distinct.length === 0) throw new AppError('INVALID_INPUT', 'A batch needs a video_id.');
  if (distinct.length <= BATCH_MAX) return distinct;
  throw new AppError(
    'LIMIT_EXCEEDED',
    `A batch has at most ${BATCH_MAX} videos, received ${distinct.length}. Start several batches.`,
  );
}
