import { z } from 'zod';
import { described } from '../../domain/described.js';
import { DEVICES } from '../../domain/job/job-input.js';
import { JOB_STATUSES } from '../../domain/job/job-status.js';
import { ID } from '../../domain/names.js';
import { count, EXAMPLE, modelSchema, next, time } from './common.js';

export const statusSchema = z.enum(JOB_STATUSES).meta({
  id: 'JobStatus',
  description:
    'processing, then predictable (all frames are detected), then ready (the result is stored); or failed, or cancelled.',
});

const status = described(statusSchema, 'Status of the job.');
export const eventId = described(z.string(), 'Id of the job.', EXAMPLE.event);
export const videoId = described(z.string(), 'Id of the video.', EXAMPLE.video);
const nullableVideoId = described(
  z.string().nullable(),
  'Id of the video; null if it is unknown.',
  EXAMPLE.video,
);
const workflowId = described(
  z.string().nullable(),
  'Id of the workflow in Temporal; null if Temporal no longer has it.',
  `video-detection/${EXAMPLE.event}`,
);
const runId = described(
  z.string().nullable(),
  'Id of the run of the workflow.',
  '01915c2e-3f1b-7c55-9d0a-0f5f4f6f2a10',
);
export const rerunOf = described(
  z.string().nullable(),
  'Id of the job that this one repeats; null for none.',
  null,
);

/** Path parameters of a job. */
export const jobParams = z.object({
  event_id: described(z.string().regex(ID), 'Id of the job.', EXAMPLE.event),
});

const errorSchema = z
  .object({
    code: described(z.string(), 'Code of the error.', 'BAD_VIDEO'),
    message: described(
      z.string(),
      'What failed, with which input, and what to do.',
      'The file is not a video that can be decoded.',
    ),
  })
  .meta({ id: 'JobError', description: 'Reason why a job failed.' });

const placeSchema = z
  .object({
    bucket: described(z.string(), 'Bucket of the object store.', 'results'),
    key: described(z.string(), 'Key of the object.', `results/${EXAMPLE.event}.json`),
  })
  .meta({ id: 'ObjectPlace', description: 'Place of an object in the object store.' });

const countsSchema = z
  .object({
    frames: count('Sampled frames that were detected.', 159),
    skipped: count('Frames that were skipped.', 0),
    objects: count('Detections in all frames.', 1801),
  })
  .meta({ id: 'JobCounts', description: 'Counts of a job that has ended.' });

const jobSchema = z
  .object({
    event_id: eventId,
    video_id: nullableVideoId,
    video_name: described(
      z.string().nullable(),
      'Original name of the file; null if it is unknown.',
      'street.mp4',
    ),
    status,
    model: described(modelSchema.nullable(), 'Model of the job; null until the job has pinned it.'),
    parameters: described(
      z.record(z.string(), z.unknown()).nullable(),
      'Options that can change the result, with their values; null until the job has checked them.',
      { every: 5, conf: 0.25, iou: 0.45 },
    ),
    device: described(
      z.enum(DEVICES).nullable(),
      'Requested device; null until the job has checked it.',
    ),
    counts: described(countsSchema.nullable(), 'Counts of the job; null until it has ended.'),
    workflow_id: workflowId,
    run_id: runId,
    started_at: described(z.iso.datetime().nullable(), 'Start of the job.', EXAMPLE.time),
    closed_at: described(
      z.iso.datetime().nullable(),
      'End of the job; null while it is running.',
      EXAMPLE.time,
    ),
    seconds: described(
      z.number().nullable(),
      'Seconds from the start to the end, or to now.',
      42.5,
    ),
    error: described(
      errorSchema.nullable(),
      'Reason of a failed job, or why Temporal cannot continue it; null for others.',
    ),
    result: described(placeSchema.nullable(), 'Place of the result; null until it is stored.'),
  })
  .meta({ id: 'Job', description: 'Detection of the objects of one video.' });

const progressSchema = z
  .object({
    event_id: eventId,
    status,
    stage: described(
      z.enum(['opening', 'probing', 'detecting', 'tracking', 'assembling', 'closing', 'done']),
      'Stage that the job is in.',
    ),
    frames_done: count('Sampled frames that are detected or skipped.', 120),
    frames_total: count('Sampled frames of the video; 0 until the video is probed.', 159),
    skipped: count('Frames that were skipped.', 0),
    objects: count('Detections so far.', 310),
    fps: described(z.number().min(0), 'Sampled frames per second since detection started.', 11.4),
    eta_s: described(
      z.number().nullable(),
      'Estimated seconds until the end; null while unknown.',
      3.4,
    ),
    started_at: time('Start of the job.'),
    error: described(errorSchema, 'Reason why Temporal cannot continue the job.').optional(),
  })
  .meta({ id: 'JobProgress', description: 'Progress of a job.' });

export const jobDetailsSchema = jobSchema
  .extend({
    progress: described(progressSchema.nullable(), 'Progress; null if it is unknown.'),
    rerun_of: rerunOf,
  })
  .meta({ id: 'JobDetails', description: 'Job with its progress.' });

export const jobPageSchema = z
  .object({
    jobs: described(z.array(jobSchema).readonly(), 'Jobs, the newest first.'),
    next,
  })
  .meta({ id: 'JobPage', description: 'Page of the list of jobs.' });

export const submittedSchema = z
  .object({
    event_id: eventId,
    video_id: nullableVideoId,
    workflow_id: workflowId,
    run_id: runId,
    started: described(z.boolean(), 'Whether the job was started; false if it existed before.'),
  })
  .meta({ id: 'SubmittedJob', description: 'Job that a request started or found.' });

export type SubmittedJob = z.infer<typeof submittedSchema>;
