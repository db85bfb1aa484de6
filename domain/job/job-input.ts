import { z } from 'zod';
import { alertRulesSchema } from '../alert/alert-rule.js';
import { described } from '../described.js';
import { AppError } from '../errors.js';
import { MODEL_FORMS, MODEL_SPEC } from '../model/model-spec.js';
import { ID } from '../names.js';
import { MAX_FAILED } from '../recovery/limits.js';
import { describeLimit } from '../schema-problems.js';

const id = (what: string) =>
  z.string().regex(ID, `expected ${what} of at most 128 letters, digits, "_" or "-"`);

/** Name of a bucket, by the rules of S3: not an IP address, no empty label. */
export const bucketName = z
  .string()
  .regex(
    /^(?!.*\.\.)(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    'expected a bucket name',
  );

/** Preprocessing of each frame before it is stored and inferred. */
export const preprocessSchema = z
  .strictObject({
    blur: described(
      z.union([z.literal(0), z.literal(3)]).default(3),
      'Side of the Gaussian kernel in pixels; 0 for no blur.',
    ),
    contrast: described(
      z.number().min(0).max(10).default(1.3),
      'Factor on each value of 0 to 255.',
      1.3,
    ),
    brightness: described(
      z.number().min(-255).max(255).default(5),
      'Number added to each value of 0 to 255, after the factor.',
      5,
    ),
  })
  .meta({ id: 'Preprocess', description: 'Preprocessing of a frame.' });

export type Preprocess = z.infer<typeof preprocessSchema>;

/** Storage of frames: an object per frame, an object per range, or none. */
export const FRAME_STORAGE = ['objects', 'packed', 'none'] as const;

/** Devices that a job can request. */
export const DEVICES = ['auto', 'cpu', 'gpu'] as const;

/**
 * Change of a frame, in values of 0 to 255, up to which it counts as still when a job asks for
 * still scenes without a threshold of its own; `models/still-scene.ts` has the measure.
 */
export const STILL_THRESHOLD = 8;

const defaultPreprocess: Preprocess = { blur: 3, contrast: 1.3, brightness: 5 };

/** Temporal limits the input of a run to 2 MiB, and a continued run has the classes twice. */
const CLASSES_BYTES_MAX = 256 * 1024;

function hasFewBytes(classes: readonly string[]): boolean {
  return Buffer.byteLength(JSON.stringify(classes)) <= CLASSES_BYTES_MAX;
}

/** Webhook that is notified when a job has ended. */
const webhookSchema = z.strictObject({
  url: described(
    z.url({ protocol: /^https?$/, error: 'expected an http or https URL' }).max(2048),
    'URL to which the end of the job is POSTed, with a signature.',
    'https://example.com/hooks/vidette',
  ),
});

/** Input of the workflow `VideoDetection`, and so of the client, the CLI and the HTTP API. */
export const jobInputSchema = z.strictObject({
  video_id: described(id('a video_id'), 'Id of a stored video.', 'street-5a0c33de9f21'),
  event_id: described(
    id('an event_id').optional(),
    'Id of the job. Default: derived from the video, the model and the options.',
    'street-5a0c33de9f21-8bed849eba57',
  ),
  bucket: described(bucketName.default('videos'), 'Bucket that holds the video.', 'videos'),
  every: described(
    z.int().min(1).max(1_000_000).default(5),
    'Sampling interval: every n-th frame is processed.',
    5,
  ),
  conf: described(z.number().min(0).max(1).default(0.25), 'Minimum confidence of an object.', 0.25),
  iou: described(
    z.number().min(0).max(1).default(0.45),
    'Overlap (IoU) above which two boxes of a class count as one object.',
    0.45,
  ),
  max_det: described(
    z.int().min(1).max(10_000).default(300),
    'Maximum number of objects in a frame.',
    300,
  ),
  classes: described(
    z
      .array(z.string().min(1).max(128))
      .min(1)
      .max(10_000)
      .refine(hasFewBytes, 'expected at most 256 KiB of class names')
      .optional(),
    'Classes of the model to detect. Default: all.',
    ['person', 'car'],
  ),
  from_ms: described(
    z.number().min(0).optional(),
    'Start of the span of time to process, in milliseconds from the start of the video. Default: 0.',
    5000,
  ),
  to_ms: described(
    z.number().min(0).optional(),
    'End of that span: frames at this time and later are not processed. Default: the end.',
    65_000,
  ),
  model: described(
    z.string().regex(MODEL_SPEC, `expected a model as ${MODEL_FORMS}`).optional(),
    'Model as name (newest version), name@version, name@alias or models:/name/latest. Default: the model of the installation.',
    'yolox_nano@1',
  ),
  device: described(
    z.enum(DEVICES).default('auto'),
    'Device of the model: auto uses a GPU worker if one is running.',
  ),
  preprocess: described(
    z.union([z.literal(false), preprocessSchema]).default(defaultPreprocess),
    'Preprocessing of each frame before it is stored and inferred; false for none.',
    defaultPreprocess,
  ),
  frames: described(
    z.enum(FRAME_STORAGE).default('objects'),
    'Storage of the sampled frames: a JPEG object per frame, one object per range, or none.',
  ),
  still: described(
    z.union([z.literal(false), z.number().min(0).max(255)]).default(false),
    'Maximum change, in values of 0 to 255, at which a frame reuses the objects of the last inferred frame; false for never.',
    8,
  ),
  max_failed: described(
    z.number().min(0).max(1).default(MAX_FAILED),
    'Share of the sampled frames on which the model may fail before the job fails.',
    MAX_FAILED,
  ),
  track: described(
    z.int().min(0).max(63).optional(),
    'Video track of a file with several, counted from 0. Default: the one that the file marks as default.',
    1,
  ),
  tracking: described(
    z.boolean().optional(),
    'Whether objects are followed from frame to frame, so that each one gets an id. Default: false.',
    true,
  ),
  rerun_of: described(
    id('an event_id').optional(),
    'Id of the job that this one repeats.',
    'street-5a0c33de9f21-8bed849eba57',
  ),
  derived_from: described(
    id('an event_id').optional(),
    'Id of a finished job of the video, whose detections are filtered instead of detecting again.',
    'street-5a0c33de9f21-8bed849eba57',
  ),
  webhook: described(
    webhookSchema.optional(),
    'Notified when the job is ready, failed or cancelled; not part of the identity of the job.',
    { url: 'https://example.com/hooks/vidette' },
  ),
  alerts: described(
    alertRulesSchema.optional(),
    'Rules that send alerts of detections while the job runs; not part of the identity of the job.',
  ),
});

/** A checked input, every default filled in. */
export type JobInput = z.infer<typeof jobInputSchema>;

/** An input as a caller gives it. */
export type JobRequest = z.input<typeof jobInputSchema>;

/** Parameters of a job: the fields of its input that can change its result. */
export const parametersSchema = z.object(
  jobInputSchema.pick({
    ...{ every: true, conf: true, iou: true, max_det: true, classes: true },
    ...{ preprocess: true, frames: true, still: true, max_failed: true, track: true },
    ...{ from_ms: true, to_ms: true, tracking: true, derived_from: true },
  }).shape,
);

export type Parameters = z.infer<typeof parametersSchema>;

/**
 * Returns the parameters of an input; a job's fingerprint is made of them. A job without tracks has the
 * fingerprint that it had before there were tracks.
 */
export function parametersOf({ tracking, ...input }: JobInput): Parameters {
  return parametersSchema.parse({ ...input, ...(tracking && { tracking }) });
}

/**
 * Checks an input and fills in its defaults.
 * @throws AppError `INVALID_INPUT` that names each wrong or unknown field.
 */
export function parseJobInput(input: unknown): JobInput {
  const parsed = jobInputSchema.safeParse(input, { error: describeLimit });
  const problems = parsed.success
    ? spanProblems(parsed.data)
    : parsed.error.issues.map(describeIssue);
  if (parsed.success && problems.length === 0) return parsed.data;
  throw new AppError('INVALID_INPUT', `Invalid input: ${problems.join('; ')}`);
}

function spanProblems({ from_ms = 0, to_ms = Infinity }: JobInput): string[] {
  return to_ms > from_ms
    ? []
    : [`to_ms: expected more than from_ms, ${from_ms}, received ${to_ms}`];
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const field = issue.path.join('.') || 'input';
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(jobInputSchema.shape).join(', ');
    return `unknown field ${issue.keys.map((key) => `"${key}"`).join(', ')} (known: ${known})`;
  }
  return `${field}: ${issue.message}`;
}
