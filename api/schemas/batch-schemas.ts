import { z } from 'zod';
import { described } from '../../domain/described.js';
import { JOB_STATUSES } from '../../domain/job/job-status.js';
import { ID } from '../../domain/names.js';
import { count, EXAMPLE, next, time } from './common.js';
import { eventId, rerunOf, videoId } from './job-schemas.js';

export const batchId = described(z.string().regex(ID), 'Id of the batch.', EXAMPLE.batch);

/** Path parameters of a batch. */
export const batchParams = z.object({ batch_id: batchId });

const workflowId = described(
  z.string(),
  'Id of the workflow in Temporal.',
  `video-batch/${EXAMPLE.batch}`,
);

export const batchSchema = z
  .object({
    batch_id: batchId,
    status: described(
      z.enum(JOB_STATUSES).exclude(['predictable']),
      'processing while a job runs or waits, then ready, also if jobs have failed; cancelled; or failed if the batch could not start its jobs.',
    ),
    model: described(z.string().nullable(), 'Model of all jobs, as name@version.', 'yolox_nano@1'),
    started_at: time('First start of the batch.'),
    total: count('Number of jobs.', 40),
    ready: count('Jobs with a result.', 31),
    failed: count('Jobs that failed.', 2),
    cancelled: count('Jobs that were cancelled.', 0),
    running: count('Jobs in progress.', 0),
    waiting: count('Jobs that the batch will start.', 7),
    deleted: count('Jobs that were deleted; a retry does not start them.', 0),
    missing: count('Jobs that were not started before the batch was cancelled.', 0),
    workflow_id: workflowId,
  })
  .meta({ id: 'VideoBatch', description: 'Jobs of several videos, counted by their status.' });

export const batchPageSchema = z
  .object({
    batches: described(z.array(batchSchema).readonly(), 'Batches, the newest first.'),
    next,
  })
  .meta({ id: 'VideoBatchPage', description: 'Page of the list of batches.' });

const batchJobSchema = z
  .object({ video_id: videoId, event_id: eventId, rerun_of: rerunOf.optional() })
  .meta({ id: 'VideoBatchJob', description: 'Job of a batch.' });

export const startedBatchSchema = z
  .object({
    batch_id: batchId,
    workflow_id: workflowId,
    started: described(
      z.boolean(),
      'Whether the batch was started; false if it is running, or if all of its jobs are ready.',
    ),
    jobs: described(z.array(batchJobSchema).readonly(), 'Jobs, in the order of the videos.'),
  })
  .meta({ id: 'StartedVideoBatch', description: 'Batch that a request started or found.' });
