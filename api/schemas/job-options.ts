import { z } from 'zod';
import { jobInputSchema } from '../../domain/job/job-input.js';

type OptionName = Exclude<keyof typeof jobInputSchema.shape, 'video_id' | 'event_id' | 'rerun_of'>;

const { shape } = jobInputSchema;

/** Options of a job without their defaults: a rerun keeps the values that it does not set. */
const options = {
  bucket: shape.bucket.unwrap().optional(),
  every: shape.every.unwrap().optional(),
  conf: shape.conf.unwrap().optional(),
  iou: shape.iou.unwrap().optional(),
  max_det: shape.max_det.unwrap().optional(),
  classes: shape.classes,
  model: shape.model,
  device: shape.device.unwrap().optional(),
  preprocess: shape.preprocess.unwrap().optional(),
  frames: shape.frames.unwrap().optional(),
  still: shape.still.unwrap().optional(),
  max_failed: shape.max_failed.unwrap().optional(),
  webhook: shape.webhook,
} satisfies Record<OptionName, z.ZodType>;

const identity = {
  event_id: shape.event_id,
  /** 1 (first) to 5 (last). */
  priority: z.int().min(1).max(5).optional(),
};

/** Changes of a rerun. */
export const rerunSchema = z.strictObject({ ...options, ...identity });

/** Options of a job. */
export const submitOptionsSchema = z.strictObject({
  ...options,
  ...identity,
  /** Whether the same job runs again under a new event_id. */
  force: z.boolean().optional(),
});

/** Job on a stored video or on a video at a URL. */
export const submitSchema = submitOptionsSchema.extend({
  video_id: shape.video_id.optional(),
  url: z.string().min(1).max(2048).optional(),
});
