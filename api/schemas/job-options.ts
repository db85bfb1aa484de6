import { z } from 'zod';
import { described } from '../../domain/described.js';
import { BATCH_MAX } from '../../domain/job/batch-id.js';
import { jobInputSchema, parseJobInput } from '../../domain/job/job-input.js';

type OptionName = Exclude<
  keyof typeof jobInputSchema.shape,
  'video_id' | 'event_id' | 'rerun_of' | 'derived_from'
>;

const { shape } = jobInputSchema;

/** Options of a job without their defaults: a rerun keeps the values that it does not set. */
const options = {
  bucket: withoutDefault(shape.bucket),
  every: withoutDefault(shape.every),
  conf: withoutDefault(shape.conf),
  iou: withoutDefault(shape.iou),
  max_det: withoutDefault(shape.max_det),
  classes: shape.classes,
  from_ms: shape.from_ms,
  to_ms: shape.to_ms,
  model: shape.model,
  device: withoutDefault(shape.device),
  preprocess: withoutDefault(shape.preprocess),
  frames: withoutDefault(shape.frames),
  still: withoutDefault(shape.still),
  max_failed: withoutDefault(shape.max_failed),
  track: shape.track,
  tracking: shape.tracking,
  webhook: shape.webhook,
  alerts: shape.alerts,
} satisfies Record<OptionName, z.ZodType>;

/** Makes an option with a default optional; its description remains. */
function withoutDefault<T extends z.ZodType>(option: z.ZodDefault<T>): z.ZodOptional<T> {
  const { description, examples } = option.meta() ?? {};
  return option
    .unwrap()
    .optional()
    .meta({ description, ...(examples !== undefined && { examples }) });
}

/** Makes an option without a default nullable. */
function removable<T extends z.ZodType>(option: z.ZodOptional<T>) {
  const { description, examples } = option.meta() ?? {};
  return option.nullable().meta({ description: `${description} null sets the default.`, examples });
}

const identity = {
  event_id: shape.event_id,
  priority: described(
    z.int().min(1).max(5).optional(),
    'Priority of the job, 1 (first) to 5 (last). Default: 3.',
    3,
  ),
};

/** Changes of a rerun. */
export const rerunSchema = z
  .strictObject({
    ...options,
    classes: removable(shape.classes),
    from_ms: removable(shape.from_ms),
    to_ms: removable(shape.to_ms),
    ...identity,
  })
  .meta({
    id: 'RerunOptions',
    description: 'Changed options of a rerun; the others keep their values.',
  });

/** Narrower parameters of a derived job. */
export const deriveSchema = z
  .strictObject({
    conf: options.conf,
    iou: options.iou,
    max_det: options.max_det,
    classes: shape.classes,
    tracking: options.tracking,
    webhook: shape.webhook,
    alerts: shape.alerts,
    ...identity,
  })
  .meta({
    id: 'DeriveOptions',
    description: 'Narrower parameters of a derived job; the others keep their values.',
  });

const DEFAULTS: Readonly<Record<string, unknown>> = parseJobInput({ video_id: 'any' });

const submitFields = {
  ...withDocumentedDefaults(options),
  ...identity,
  force: described(z.boolean().optional(), 'Whether the same job runs again under a new event_id.'),
};

/**
 * Adds the defaults of options to the description; the client fills them in. Generators of clients
 * accept no object as a default, and `Preprocess` has defaults of its own.
 */
function withDocumentedDefaults<T extends Readonly<Record<string, z.ZodType>>>(shape: T): T {
  const entries = Object.entries(shape).map(([name, schema]) => {
    const value = DEFAULTS[name];
    const hasDefault = value !== undefined && typeof value !== 'object';
    return [name, hasDefault ? schema.meta({ ...schema.meta(), default: value }) : schema];
  });
  return Object.fromEntries(entries) as T; // the same names, with schemas of the same types
}

/** Options of a job. */
export const submitOptionsSchema = z
  .strictObject(submitFields)
  .meta({ id: 'JobOptions', description: 'Options of a job.' });

const { alerts: _alerts, ...batchOptions } = options;

/** Stored videos and the options of their jobs. */
export const batchRequestSchema = z
  .strictObject({
    ...withDocumentedDefaults(batchOptions),
    priority: identity.priority,
    video_ids: described(z.array(shape.video_id).min(1).max(BATCH_MAX), 'Ids of stored videos.', [
      'street-5a0c33de9f21',
      'square-0f3a2b1c9d8e',
    ]),
  })
  .meta({ id: 'VideoBatchRequest', description: 'Videos and options of a batch.' });

/** Job on a stored video or on a video at a URL. */
export const submitSchema = z
  .strictObject({
    ...submitFields,
    video_id: described(
      shape.video_id.optional(),
      'Id of a stored video; either this or `url`.',
      'street-5a0c33de9f21',
    ),
    url: described(
      z.string().min(1).max(2048).optional(),
      'http or https URL of a video, which is fetched before the job starts.',
      'https://example.com/street.mp4',
    ),
  })
  .meta({ id: 'JobRequest', description: 'Video and options of a job.' });
