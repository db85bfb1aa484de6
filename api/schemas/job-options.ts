import { z } from 'zod';
import { jobInputSchema } from '../../domain/job/job-input.js';

type OptionName = Exclude<keyof typeof jobInputSchema.shape, 'video_id' | 'event_id' | 'rerun_of'>;

const { shape } = jobInputSchema;

/** Options of a job without their defaults: what a rerun leaves out stays as it was. */
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

const own = {
  event_id: shape.event_id,
  /** 1 (first) to 5 (last). */
  priority: z.int().min(1).max(5).optional(),
};

/** What is different in a rerun. */
export const rerunSchema = z.strictObject({ ...options, ...own });

/** Everything of a job but its video. */
export const submitOptionsSchema = z.strictObject({
  ...options,
  ...own,
  /** A new run of the same job, under an event_id of its own. */
  force: z.boolean().optional(),
});

/** A job on a video that is in the store, or at an address. */
export const submitSchema = submitOptionsSchema.extend({
  video_id: shape.video_id.optional(),
  url: z.string().min(1).max(2048).optional(),
});
