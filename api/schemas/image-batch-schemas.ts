import { z } from 'zod';
import { described } from '../../domain/described.js';
import { TABLE_FORMATS } from '../../domain/image-batch/image-batch.js';
import { JOB_STATUSES } from '../../domain/job/job-status.js';
import { ID } from '../../domain/names.js';
import { count, next, time } from './common.js';

const BATCH = 'images-8bed849eba57';

const batchId = described(z.string().regex(ID), 'Id of the batch.', BATCH);

/** Path parameters of a batch of images. */
export const imageBatchParams = z.object({ batch_id: batchId });

const workflowId = described(
  z.string(),
  'Id of the workflow in Temporal.',
  `predict-batch/${BATCH}`,
);

const sourceSchema = z
  .object({
    bucket: described(z.string(), 'Bucket.', 'incoming'),
    prefix: described(z.string().optional(), 'Prefix of the images.', 'camera-7/2026/11/'),
    zip: described(z.string().optional(), 'Key of a zip.', 'november.zip'),
    list: described(z.string().optional(), 'Key of a list.', 'november.txt'),
  })
  .meta({ id: 'ImageSource', description: 'Images of a batch, with one of prefix, zip and list.' });

const tableSchema = z
  .object({
    format: described(z.enum(TABLE_FORMATS), 'Format.'),
    size: count('Size in bytes.', 29_000),
  })
  .meta({ id: 'ImageTable', description: 'Table of a batch of images.' });

const share = (description: string, example: number) =>
  described(z.number().min(0).max(1), description, example);

export const imageBatchSchema = z
  .object({
    batch_id: batchId,
    status: described(
      z.enum(JOB_STATUSES).exclude(['predictable']),
      'processing, ready when the table exists, failed or cancelled.',
    ),
    error: described(z.string().nullable(), 'Reason of a failure.', null),
    source: described(sourceSchema, 'Images of the batch.'),
    model: described(z.string(), 'Model as name@version.', 'fish@4'),
    conf: share('Minimum confidence of an object.', 0.25),
    max_failed: share('Share of the images that may fail.', 0.05),
    total: count('Images in the list; 0 until it is written.', 1000),
    done: count('Images with a row.', 512),
    failed: count('Rows with an error.', 2),
    table: described(tableSchema.nullable(), 'Table; null until there is one.'),
    images_per_s: described(z.number().min(0).nullable(), 'Images per second.', 64.5),
    eta_s: described(z.number().min(0).nullable(), 'Seconds that are left; null if unknown.', 8),
    created_at: time('First start of the batch.'),
    closed_at: described(z.iso.datetime().nullable(), 'End of the last run.', null),
    workflow_id: workflowId,
  })
  .meta({ id: 'ImageBatch', description: 'Predictions on many images as one table.' });

export const imageBatchPageSchema = z
  .object({
    batches: described(z.array(imageBatchSchema).readonly(), 'Batches, the newest first.'),
    next,
  })
  .meta({ id: 'ImageBatchPage', description: 'Page of the list of batches of images.' });

export const startedImageBatchSchema = z
  .object({
    batch_id: batchId,
    workflow_id: workflowId,
    started: described(
      z.boolean(),
      'Whether the batch was started; false if it is running, or if its table exists.',
    ),
  })
  .meta({ id: 'StartedImageBatch', description: 'Batch that a request started or found.' });

export const deletedImageBatchSchema = z
  .object({ batch_id: batchId, objects: count('Number of objects that were removed.', 44) })
  .meta({ id: 'DeletedImageBatch', description: 'Batch of images that was deleted.' });

/** Server-sent event with the state of a batch. */
export const imageBatchEvent = z
  .object({
    event: described(z.string(), 'progress, or end for the last event.', 'progress'),
    id: described(z.string(), 'Id of the event.', '3'),
    data: z.string().meta({
      description: 'JSON of the batch; {} in the last event.',
      contentMediaType: 'application/json',
      contentSchema: {
        anyOf: [
          { $ref: '#/components/schemas/ImageBatch' },
          { type: 'object', additionalProperties: false },
        ],
      },
      examples: ['{"batch_id":"images-8bed849eba57","status":"processing","done":512}'],
    }),
    retry: described(z.int().optional(), 'Milliseconds until a client reconnects.', 2000),
  })
  .meta({ id: 'ImageBatchEvent', description: 'Server-sent event with the state of a batch.' });
