import { z } from 'zod';
import { described } from '../described.js';
import { ID, SHA256 } from '../names.js';
import { recordSchema } from '../record-schema.js';
import { DATASET_TASKS, EXAMPLE_SHA256, itemSourceSchema, SPLITS } from './dataset-item.js';

const sha256 = z.string().regex(SHA256);
const count = z.int().min(0);
const EXAMPLE_TIME = '2026-05-04T09:30:00.000Z';
const time = (description: string) => described(z.iso.datetime(), description, EXAMPLE_TIME);

/** Reasons for which an image with feedback is not in a data set. */
const LEFT_OUT_REASONS = [
  ...(['disagreement', 'no-image', 'erased', 'unreadable'] as const),
  'between-splits',
] as const;

/** Maximum number of images that a manifest lists as left out; all of them are counted. */
export const LEFT_OUT_LISTED = 1000;

const leftOutSchema = z
  .object({
    reason: described(
      z.enum(LEFT_OUT_REASONS),
      'People disagree; the image is not stored, was erased, or cannot be read; or it is similar to images of two parts.',
    ),
    source: described(itemSourceSchema, 'Origin of the feedback, of several the first.'),
    picture: described(
      sha256.optional(),
      'SHA-256 of the image; absent if it is not stored.',
      EXAMPLE_SHA256,
    ),
    people: described(
      z.array(z.string().nullable()).readonly(),
      'People who gave the feedback, each once; null without API keys.',
      ['ann', 'bob'],
    ),
  })
  .meta({
    id: 'DatasetLeftOutImage',
    description: 'Image with feedback that is not in the version.',
  });

/** Which feedback a data set is made from. */
export const datasetFiltersSchema = z
  .object({
    model: described(
      z
        .string()
        .regex(/^[A-Za-z0-9_-]{1,128}(@[1-9][0-9]{0,8})?$/)
        .optional(),
      'Only feedback on results of this model, as name (all versions) or name@version.',
      'fish@3',
    ),
    since: described(z.iso.datetime().optional(), 'Only feedback since this time.', EXAMPLE_TIME),
  })
  .meta({ id: 'DatasetFilters', description: 'Limits of the feedback.' });

const splitCountsSchema = z
  .object({
    images: described(count, 'Number of images.', 120),
    objects: described(count, 'Number of objects; 0 for classification.', 240),
    classes: described(
      recordSchema(count),
      'Number of objects, or of images for classification, by class.',
      { person: 180, car: 60 },
    ),
  })
  .meta({ id: 'DatasetCounts', description: 'Counts of a part of a data set.' });

const countsSchema = z
  .object({
    train: described(splitCountsSchema, 'Counts of the training part.'),
    val: described(splitCountsSchema, 'Counts of the validation part.'),
    test: described(splitCountsSchema, 'Counts of the test part.'),
  })
  .meta({ id: 'DatasetSplits', description: 'Counts of the three parts of a data set.' });

const madeFromSchema = z
  .object({
    until: time('Time until which feedback was read.'),
    filters: described(datasetFiltersSchema, 'Limits to a model and a time.'),
  })
  .meta({ id: 'DatasetOrigin', description: 'Selection of feedback.' });

const versionSchema = z
  .object({
    version: described(z.int().min(1), 'Version of the data set.', 2),
    sha256: described(sha256, 'Hash of its content.', EXAMPLE_SHA256),
  })
  .meta({ id: 'DatasetVersion', description: 'Version of a data set.' });

const leftOutListSchema = z
  .object({
    count: described(count, 'Number of images.', 3),
    by_reason: described(
      z.partialRecord(z.enum(LEFT_OUT_REASONS), count),
      'Number of images by reason.',
      { disagreement: 3 },
    ),
    items: described(z.array(leftOutSchema).readonly(), `The first ${LEFT_OUT_LISTED} images.`),
  })
  .meta({ id: 'DatasetLeftOut', description: 'Images that are left out.' });

/** Version of a data set. */
export const datasetManifestSchema = z.object({
  name: described(z.string().regex(ID), 'Name of the data set.', 'fish'),
  version: described(z.int().min(1), 'Version of the data set.', 3),
  sha256: described(
    sha256,
    'Hash of the content: images, groups, parts, classes and boxes, without their origin.',
    EXAMPLE_SHA256,
  ),
  task: described(z.enum(DATASET_TASKS), 'Boxes, or one class per image.'),
  labels: described(
    z.array(z.string()).readonly(),
    'Classes; a later version keeps their order and appends its new ones.',
    ['person', 'car'],
  ),
  counts: described(countsSchema, 'Counts by part.'),
  made_from: described(madeFromSchema, 'Feedback that the version is made from.'),
  parent: described(versionSchema.nullable(), 'Version before; null for the first one.', null),
  left_out: described(leftOutListSchema, 'Images with feedback that are not in the version.'),
  created_at: time('Time at which the version was built.'),
  by: described(z.string().nullable(), 'Who built it; null without API keys.', 'ann'),
});

export type LeftOut = Readonly<z.output<typeof leftOutSchema>>;
export type DatasetFilters = Readonly<z.output<typeof datasetFiltersSchema>>;
export type SplitCounts = Readonly<z.output<typeof splitCountsSchema>>;
export type DatasetManifest = Readonly<z.output<typeof datasetManifestSchema>>;

/** A new version before it is stored and so has a number. */
export type DatasetDraft = Omit<DatasetManifest, 'version' | 'sha256'>;

/** Splits `name` (newest version) or `name@version`; undefined for any other text. */
export function parseDatasetSpec(
  spec: string,
): { readonly name: string; readonly version?: number } | undefined {
  const [, name, version] = /^([A-Za-z0-9_-]{1,128})(?:@([1-9][0-9]{0,8}))?$/.exec(spec) ?? [];
  if (name === undefined) return undefined;
  return { name, ...(version !== undefined && { version: Number(version) }) };
}

/** Part of the counts of a data set without images. */
export const NO_COUNTS = Object.fromEntries(
  SPLITS.map((split) => [split, { images: 0, objects: 0, classes: {} }]),
) as DatasetManifest['counts']; // each split has an entry
