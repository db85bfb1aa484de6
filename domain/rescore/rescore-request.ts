import { z } from 'zod';
import { described } from '../described.js';
import { AppError } from '../errors.js';
import { canonicalJson, modelBehaviourHash, type ModelBehaviour, sha256 } from '../hash.js';
import { MODEL_SPEC } from '../model/model-spec.js';
import { describeLimit, listProblems } from '../schema-problems.js';

/** Kinds of past predictions: kept images of the API, and finished jobs. */
export const PAST_KINDS = ['images', 'jobs'] as const;
export type PastKind = (typeof PAST_KINDS)[number];

/** Leaves room for the numbers that the ids of its batches end with. */
const RESCORE_ID = /^[A-Za-z0-9_-]{1,100}$/;
const NAME_OR_VERSION = /^[A-Za-z0-9_-]{1,128}(@[1-9][0-9]{0,8})?$/;

/** Input of the workflow `RescorePast`, and so of the client, the CLI and the HTTP API. */
export const rescoreRequestSchema = z
  .strictObject({
    rescore_id: described(
      z.string().regex(RESCORE_ID, 'expected at most 100 letters, digits, "_" or "-"').optional(),
      'Id of the rescoring. Default: derived from the request, so that the same request is the same rescoring.',
      'fish-4-last-week',
    ),
    model: described(
      z.string().regex(MODEL_SPEC, 'expected a model as name or name@version'),
      'Model that runs over the past predictions, as name (newest version) or name@version.',
      'fish@4',
    ),
    of: described(
      z.string().regex(NAME_OR_VERSION, 'expected a model as name or name@version'),
      'Model whose past predictions are compared, as name (all versions) or name@version.',
      'fish@3',
    ),
    since: described(
      z.iso.datetime(),
      'Start of the time span in which the predictions were made.',
      '2026-11-16T00:00:00Z',
    ),
    until: described(
      z.iso.datetime().optional(),
      'End of the time span, which is not part of it. Default: now.',
      '2026-11-23T00:00:00Z',
    ),
    include: described(
      z.array(z.enum(PAST_KINDS)).min(1).optional(),
      'Kinds of past predictions. Default: images, and jobs if the model detects objects.',
      ['images', 'jobs'],
    ),
    conf: described(
      z.number().min(0).max(1).default(0.25),
      'Minimum confidence of the compared objects of images. Jobs keep their own.',
      0.25,
    ),
  })
  .meta({ id: 'RescoreRequest', description: 'Past predictions and the model that runs on them.' });

/** Request of a caller. */
export type RescoreRequest = z.input<typeof rescoreRequestSchema>;
/** A valid request with defaults. */
export type RescoreInput = z.output<typeof rescoreRequestSchema>;

/** @throws AppError `INVALID_INPUT` that names each invalid or unknown field. */
export function parseRescoreRequest(request: unknown): RescoreInput {
  const parsed = rescoreRequestSchema.safeParse(request, { error: describeLimit });
  const problems = parsed.success
    ? spanProblems(parsed.data)
    : listProblems(parsed.error, 'request');
  if (parsed.success && problems.length === 0) return parsed.data;
  throw new AppError('INVALID_INPUT', `Invalid rescoring: ${problems.join('; ')}`);
}

function spanProblems({ since, until }: RescoreInput): string[] {
  if (until === undefined || Date.parse(until) > Date.parse(since)) return [];
  return [`until: expected a time after since, ${since}, received ${until}`];
}

/** Returns the id of a rescoring: the same past and the same model behaviour have the same id. */
export function rescoreIdOf(
  { of, since, until, include, conf }: Omit<RescoreInput, 'rescore_id' | 'model'>,
  model: ModelBehaviour & { readonly name: string; readonly version: number },
): string {
  const { name, version } = model;
  const behaviour = modelBehaviourHash(model);
  const content = canonicalJson({ of, since, until, include, conf, name, version, behaviour });
  return `rescore-${sha256(content).slice(0, 12)}`;
}
