import { z } from 'zod';
import { DEVICES } from '../../domain/job/job-input.js';
import { JOB_STATUSES } from '../../domain/job/job-status.js';
import { ID } from '../../domain/names.js';

const count = z.number();

export const statusSchema = z.enum(JOB_STATUSES);

/** Path parameters of a job. */
export const jobParams = z.object({ event_id: z.string().regex(ID) });

const errorSchema = z.object({ code: z.string(), message: z.string() });

const jobSchema = z.object({
  event_id: z.string(),
  video_id: z.string().nullable(),
  status: statusSchema,
  model: z.string().nullable(),
  workflow_id: z.string().nullable(),
  run_id: z.string().nullable(),
  started_at: z.string().nullable(),
  closed_at: z.string().nullable(),
  seconds: z.number().nullable(),
  error: errorSchema.nullable(),
  result: z.object({ bucket: z.string(), key: z.string() }).nullable(),
});

export const progressSchema = z.object({
  event_id: z.string(),
  status: statusSchema,
  stage: z.enum(['opening', 'probing', 'detecting', 'assembling', 'closing', 'done']),
  frames_done: count,
  frames_total: count,
  skipped: count,
  objects: count,
  fps: z.number(),
  eta_s: z.number().nullable(),
  started_at: z.number(),
});

export const jobDetailsSchema = jobSchema.extend({
  progress: progressSchema.nullable(),
  rerun_of: z.string().nullable(),
});

export const jobPageSchema = z.object({
  jobs: z.array(jobSchema).readonly(),
  next: z.string().nullable(),
});

/** Submitted job; `started` is false if it existed before. */
export const submittedSchema = z.object({
  event_id: z.string(),
  video_id: z.string().nullable(),
  workflow_id: z.string().nullable(),
  run_id: z.string().nullable(),
  started: z.boolean(),
});

export type SubmittedJob = z.infer<typeof submittedSchema>;

const objectSchema = z.object({
  class: z.string(),
  box: z.array(z.number()).readonly(),
  conf: z.number(),
});

/** Detected frame of a job. */
export const frameRowSchema = z.object({
  frame: z.int(),
  timestamp_ms: z.number(),
  same_as: z.int().optional(),
  objects: z.array(objectSchema).readonly(),
});

const skipSchema = z.object({ frame: z.int(), reason: z.string() });

export const timedSkipSchema = skipSchema.extend({ timestamp_ms: z.number() });

export const frameSchema = z.union([frameRowSchema, skipSchema]);

export const summarySchema = z.object({
  event_id: z.string(),
  video_id: z.string(),
  status: statusSchema,
  model: z.object({ name: z.string(), version: z.int(), sha256: z.string() }),
  device: z.object({ asked: z.enum(DEVICES), used: z.record(z.string(), count) }),
  parameters: z.record(z.string(), z.unknown()),
  bucket: z.string(),
  frame_count: count,
  rerun_of: z.string().nullable(),
  frames: count,
  inferred: count.optional(),
  skipped: count,
  objects: count,
  objects_by_class: z.record(z.string(), count),
  warnings: z.array(z.string()).readonly(),
});
