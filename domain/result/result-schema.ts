import { z } from 'zod';
import { DEVICES, parametersSchema } from '../job/job-input.js';
import { JOB_STATUSES } from '../job/job-status.js';
import { recordSchema } from '../record-schema.js';
import type { FrameRow, ResultFrame, ResultHeader, ResultSummary } from './result.js';

const rational = z.object({ num: z.number(), den: z.number() });

const videoSchema = z.object({
  bucket: z.string(),
  key: z.string(),
  etag: z.string(),
  size: z.object({ width: z.number(), height: z.number() }),
  rotation: z.number(),
  sample_aspect_ratio: rational,
  codec: z.string(),
  pixel_format: z.string(),
  color_space: z.string(),
  color_range: z.string(),
  container: z.string(),
  time_base: rational,
  frame_rate: rational.nullable(),
  start_time_s: z.number(),
  frame_count: z.number(),
  first_pts: z.number(),
  sound: z.array(z.string()),
  track: z.number().optional(),
  missing_frames: z.number().optional(),
});

const modelSchema = z.object({
  ...{ name: z.string(), version: z.number(), sha256: z.string() },
  members: z
    .array(
      z.object({ name: z.string(), version: z.number(), sha256: z.string(), weight: z.number() }),
    )
    .optional(),
});

/**
 * Header of a result. Parsing drops unknown fields and puts the others in this order, so that a
 * reformatted result is exported like the original.
 */
export const resultHeaderSchema: z.ZodType<ResultHeader> = z.object({
  event_id: z.string(),
  video_id: z.string(),
  status: z.enum(JOB_STATUSES),
  rerun_of: z.string().optional(),
  video: videoSchema,
  model: modelSchema,
  device: z.object({
    asked: z.enum(DEVICES),
    used: z.object({ cpu: z.number().optional(), gpu: z.number().optional() }),
  }),
  parameters: parametersSchema,
  created_at: z.string(),
});

/** Summary of a result. */
export const resultSummarySchema: z.ZodType<ResultSummary> = z.object({
  frames: z.number(),
  inferred: z.number().optional(),
  skipped: z.number(),
  objects: z.number(),
  objects_by_class: recordSchema(z.number()),
  tracks_by_class: recordSchema(z.number()).optional(),
  warnings: z.array(z.string()),
});

/** Returns the known fields of a parsed row or skipped frame, in the order of our own layout. */
export function toResultFrame(parsed: unknown): ResultFrame {
  const frame = parsed as ResultFrame; // checked by its use: a schema here doubles the reading time
  return 'reason' in frame ? { frame: frame.frame, reason: frame.reason } : toRow(frame);
}

function toRow({ frame, timestamp_ms, same_as, objects }: FrameRow): FrameRow {
  return {
    ...{ frame, timestamp_ms, ...(same_as !== undefined && { same_as }) },
    objects: objects.map(({ class: name, box, conf, track_id }) => ({
      ...{ class: name, box, conf },
      ...(track_id !== undefined && { track_id }),
    })),
  };
}
