import { z } from 'zod';
import { described } from '../described.js';
import { AppError } from '../errors.js';
import { canonicalJson, modelBehaviourHash, type ModelBehaviour, sha256 } from '../hash.js';
import { bucketName } from '../job/job-input.js';
import { MODEL_SPEC } from '../model/model-spec.js';
import { ID } from '../names.js';
import { describeLimit, listProblems } from '../schema-problems.js';
import { type ImageSource, TABLE_FORMATS } from './image-batch.js';

/** Default share of the images that may fail before a batch fails. */
const MAX_FAILED = 0.05;
/** Maximum length of a key in S3, in bytes. */
const KEY_MAX = 1024;

const key = z.string().min(1).max(KEY_MAX);
const SOURCES = ['prefix', 'zip', 'list'] as const;

/** Input of the workflow `PredictBatch`, and so of the client, the CLI and the HTTP API. */
export const imageBatchRequestSchema = z
  .strictObject({
    batch_id: described(
      z.string().regex(ID, 'expected letters, digits, "_" or "-"').optional(),
      'Id of the batch. Default: derived from the source, the model and conf, so that the same request continues the same batch.',
      'fish-2026-11',
    ),
    bucket: described(bucketName, 'Bucket that holds the images, the zip or the list.', 'incoming'),
    prefix: described(
      key.optional(),
      'Prefix of the keys of the images. Give one of prefix, zip and list.',
      'camera-7/2026/11/',
    ),
    zip: described(key.optional(), 'Key of a zip that holds the images.', 'november.zip'),
    list: described(
      key.optional(),
      'Key of a list of keys in the bucket: a key, or {"key", "name"} in JSON, per line.',
      'november.txt',
    ),
    model: described(
      z.string().regex(MODEL_SPEC, 'expected a model as name or name@version'),
      'Model as name (newest version) or name@version.',
      'fish@4',
    ),
    conf: described(
      z.number().min(0).max(1).default(0.25),
      'Minimum confidence of an object; classifiers ignore it.',
      0.25,
    ),
    table: described(z.enum(TABLE_FORMATS).default('jsonl.gz'), 'Format of the table.', 'csv'),
    max_failed: described(
      z.number().min(0).max(1).default(MAX_FAILED),
      'Share of the images that may fail before the batch fails.',
      MAX_FAILED,
    ),
  })
  .refine((request) => sourcesOf(request).length === 1, {
    error: `expected one of ${SOURCES.join(', ')}`,
  })
  .meta({ id: 'ImageBatchRequest', description: 'Images of a batch, their model and options.' });

/** Request of a caller. */
export type ImageBatchRequest = z.input<typeof imageBatchRequestSchema>;
/** A valid request with defaults. */
export type ImageBatchInput = z.output<typeof imageBatchRequestSchema>;

type SourceFields = Partial<Record<(typeof SOURCES)[number], string | undefined>>;

function sourcesOf(request: SourceFields): (typeof SOURCES)[number][] {
  return SOURCES.filter((name) => request[name] !== undefined);
}

/** @throws AppError `INVALID_INPUT` that names each invalid or unknown field. */
export function parseImageBatchRequest(request: unknown): ImageBatchInput {
  const parsed = imageBatchRequestSchema.safeParse(request, { error: describeLimit });
  if (parsed.success) return parsed.data;
  const problems = listProblems(parsed.error, 'request').join('; ');
  throw new AppError('INVALID_INPUT', `Invalid batch of images: ${problems}`);
}

/** Returns the source of a valid request. */
export function imageSourceOf({ bucket, prefix, zip, list }: ImageBatchInput): ImageSource {
  if (prefix !== undefined) return { bucket, prefix };
  return zip === undefined ? { bucket, list: list! } : { bucket, zip }; // one of the three is given
}

/**
 * Returns the id of a batch: the same source, model and confidence are the same rows, and so the same
 * batch, in any format and with any `max_failed`.
 */
export function imageBatchIdOf(
  { source, conf }: { readonly source: ImageSource; readonly conf: number },
  model: ModelBehaviour & { readonly name: string; readonly version: number },
): string {
  const { name, version } = model;
  const behaviour = modelBehaviourHash(model);
  const content = canonicalJson({ source, conf, name, version, behaviour });
  return `images-${sha256(content).slice(0, 12)}`;
}
