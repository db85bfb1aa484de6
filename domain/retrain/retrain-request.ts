import { z } from 'zod';
import { described } from '../described.js';
import { AppError } from '../errors.js';
import { isId } from '../names.js';
import { describeLimit, listProblems } from '../schema-problems.js';
import { gateSchema } from './gate.js';

/** Trainers: the built-in one for the last layer of a classifier, and the command of the worker. */
export const TRAINERS = ['head', 'command'] as const;
export type Trainer = (typeof TRAINERS)[number];

const DAY_S = 24 * 3600;
const DATASET_SPEC = /^[A-Za-z0-9_-]{1,128}(@[1-9][0-9]{0,8})?$/;

const limitsSchema = z
  .strictObject({
    seconds: described(
      z
        .int()
        .min(1)
        .max(30 * DAY_S)
        .default(3600),
      'Seconds of an attempt.',
      3600,
    ),
    pictures: described(z.int().min(1).max(1e6).default(20_000), 'Images for training.', 20_000),
    memory_mb: described(z.int().min(64).max(1e6).default(4096), 'Memory in MiB.', 4096),
  })
  .meta({ id: 'RetrainLimits', description: 'Limits of a training.' });

/** Options of a retraining. */
export const retrainOptionsSchema = z
  .strictObject({
    dataset: described(
      z.string().regex(DATASET_SPEC, 'expected a data set as name or name@version').optional(),
      'Data set as name (newest version) or name@version. Default: the name of the model.',
      'fish@3',
    ),
    build: described(
      z.boolean().default(false),
      'Build the next version of the data set from the feedback first.',
      true,
    ),
    min_new: described(
      z.int().min(0).max(1e6).default(0),
      'New or changed images since the data set of the base; with fewer, nothing is trained.',
      50,
    ),
    base: described(
      z.int().min(1).optional(),
      'Version to start from and to compare with. Default: the champion, else the newest version.',
      3,
    ),
    trainer: described(
      z.enum(TRAINERS).optional(),
      'Trainer: `head` (default for classifiers) trains the last layer; `command` (for detectors) runs VIDETTE_TRAIN_COMMAND.',
      'head',
    ),
    params: described(
      z.record(z.string().max(100), z.union([z.number(), z.string(), z.boolean()])).default({}),
      'Parameters of the trainer; `head` has steps (300) and l2 (0.0001).',
      { steps: 300 },
    ),
    limits: described(limitsSchema.default(limitsSchema.parse({})), 'Limits of the training.'),
    gate: described(gateSchema.default(gateSchema.parse({})), 'Limits for the challenger.'),
    decide: described(
      z.enum(['person', 'rule']).default('person'),
      'Who decides about a challenger that passes the gate.',
      'person',
    ),
    decide_within_s: described(
      z
        .int()
        .min(1)
        .max(90 * DAY_S)
        .default(7 * DAY_S),
      'Seconds after which an undecided challenger is not promoted.',
      7 * DAY_S,
    ),
  })
  .meta({ id: 'RetrainOptions', description: 'Options of a retraining.' });

/** Options as a caller gives them. */
export type RetrainOptions = z.input<typeof retrainOptionsSchema>;
/** Valid options with defaults. */
export type RetrainInput = z.output<typeof retrainOptionsSchema>;

/** Input of the workflow `RetrainModel`. */
export interface RetrainRequest extends RetrainOptions {
  /** Name of the model. */
  readonly model: string;
  /** Who started it; null for a schedule. */
  readonly by?: string | null;
}

const requestSchema = retrainOptionsSchema.extend({
  model: z.string().refine(isId, 'expected the name of a model'),
  by: z.string().min(1).max(256).nullable().default(null),
});

/** @throws AppError `INVALID_INPUT` that names each invalid or unknown field. */
export function parseRetrainRequest(request: unknown): z.output<typeof requestSchema> {
  const parsed = requestSchema.safeParse(request, { error: describeLimit });
  if (parsed.success) return parsed.data;
  const problems = listProblems(parsed.error, 'request').join('; ');
  throw new AppError('INVALID_INPUT', `Invalid retraining: ${problems}`);
}

/** A decision about a challenger. */
export const decisionSchema = z
  .strictObject({
    promote: described(z.boolean(), 'Whether the challenger becomes the champion.', true),
    reason: described(
      z.string().trim().min(1).max(1500),
      'Why; kept in the history.',
      'fewer misses on the night images',
    ),
  })
  .meta({ id: 'RetrainDecision', description: 'Decision about a challenger.' });
