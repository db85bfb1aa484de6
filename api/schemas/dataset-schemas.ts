import { z } from 'zod';
import { DATASET_TASKS } from '../../domain/dataset/dataset-item.js';
import {
  datasetFiltersSchema,
  datasetManifestSchema,
  parseDatasetSpec,
} from '../../domain/dataset/dataset-manifest.js';
import { DATASET_FORMATS } from '../../domain/dataset/export-files.js';
import { described } from '../../domain/described.js';
import { ID } from '../../domain/names.js';
import { count, EXAMPLE } from './common.js';

const name = described(
  z.string().regex(ID, 'expected a name of letters, digits, "_" or "-"'),
  'Name of the data set.',
  'fish',
);

/** Path parameters of a data set. */
export const datasetParams = z.object({ name });

/** Path parameters of a version of a data set. */
export const datasetVersionParams = z.object({
  spec: described(
    z.string().refine((spec) => parseDatasetSpec(spec), 'expected name or name@version'),
    'Version as name@version, or name for the newest one.',
    'fish@3',
  ),
});

const filters = datasetFiltersSchema.shape;

export const datasetBuildSchema = z
  .strictObject({
    task: described(
      z.enum(DATASET_TASKS).optional(),
      'Boxes, or one class per image. Required for the first version; later ones keep it.',
    ),
    model: described(
      filters.model.nullable(),
      'Only feedback on results of this model, as name or name@version; null for all. Default: as in the version before.',
      'fish@3',
    ),
    since: described(
      filters.since.nullable(),
      'Only feedback since this time; null for all. Default: as in the version before.',
      EXAMPLE.time,
    ),
  })
  .meta({ id: 'DatasetBuild', description: 'Feedback that a data set is made from.' });

export const datasetSchema = datasetManifestSchema.meta({
  id: 'Dataset',
  description: 'Version of a data set.',
});

export const builtDatasetSchema = datasetManifestSchema
  .extend({
    created: described(z.boolean(), 'False if the version with this content existed.'),
  })
  .meta({
    id: 'BuiltDataset',
    description: 'Version that has the content of the build; `left_out` is that of this build.',
  });

const listedSchema = datasetManifestSchema
  .omit({ left_out: true })
  .meta({ id: 'ListedDataset', description: 'Version of a data set, without left out images.' });

export const datasetListSchema = z
  .object({
    datasets: described(
      z.array(listedSchema).readonly(),
      'The newest version of each data set, by name; or all versions of one, the newest first.',
    ),
  })
  .meta({ id: 'DatasetList', description: 'Data sets.' });

export const datasetListQuery = z.object({
  name: described(name.optional(), 'Only the versions of this data set.', 'fish'),
});

export const datasetExportQuery = z.object({
  format: described(
    z.enum(DATASET_FORMATS),
    'COCO or YOLO for boxes, folders of classes for images with one class, or JSON lines.',
    'coco',
  ),
});

const skippedSchema = z
  .object({
    image: described(
      z.string(),
      'Where the zip describes the image.',
      'annotations/instances_train.json: street.jpg',
    ),
    reason: described(z.string(), 'Why it was skipped.', 'it is not stored'),
  })
  .meta({ id: 'SkippedImage', description: 'Image that was not imported.' });

/** Query of an import. */
export const importQuery = z.object({
  parts: described(
    z.enum(['keep', 'ignore']).default('keep'),
    'Whether the parts that the zip gives to images are kept, or ignored.',
    'keep',
  ),
});

export const importReportSchema = z
  .object({
    imported: count('Images whose class or objects are stored as feedback.', 12),
    unchanged: count('Images that have this content already.', 108),
    skipped: count('Images that were skipped.', 1),
    skipped_images: described(z.array(skippedSchema).readonly(), 'The first 1,000 skipped images.'),
  })
  .meta({ id: 'DatasetImport', description: 'Outcome of an import.' });
