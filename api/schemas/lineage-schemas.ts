import { z } from 'zod';
import { described } from '../../domain/described.js';
import { ID, SHA256 } from '../../domain/names.js';
import { count, EXAMPLE } from './common.js';

const sha256 = described(
  z.string(),
  'SHA-256, in hex.',
  '9f2c5b1e0d7a4c3b8e6f1a2d5c4b3e0f9a8d7c6b5e4f3a2b1c0d9e8f7a6b5c4d',
);
const retrainId = described(z.string(), 'Id of the retraining.', 'fish-8bed849eba57');
const versioned = (what: string) => ({
  name: described(z.string(), `Name of the ${what}.`, 'fish'),
  version: described(z.int().min(1), `Version of the ${what}.`, 3),
  sha256,
});

/** Path parameters of a version of a model. */
export const modelVersionParams = z.object({
  name: described(z.string().regex(ID), 'Name of the model.', 'fish'),
  version: described(z.coerce.number().int().min(1).max(999_999_999), 'Version of the model.', 4),
});

export const lineageQuery = z.object({
  image: described(
    z.string().regex(SHA256).optional(),
    'SHA-256 of an image, in hex.',
    '9f2c5b1e0d7a4c3b8e6f1a2d5c4b3e0f9a8d7c6b5e4f3a2b1c0d9e8f7a6b5c4d',
  ),
  job: described(z.string().regex(ID).optional(), 'Id of a job.', EXAMPLE.event),
});

const modelRef = z
  .object(versioned('model'))
  .meta({ id: 'LineageModel', description: 'Version of a model.' });

const datasetRef = z
  .object(versioned('data set'))
  .meta({ id: 'LineageDataset', description: 'Version of a data set.' });

const retrainedRef = z
  .object({ ...versioned('model'), retrain_id: retrainId })
  .meta({ id: 'LineageVersion', description: 'Version that a retraining made.' });

const originSchema = z
  .object({
    retrain_id: retrainId,
    base: described(modelRef, 'Version that was trained further.'),
    dataset: described(datasetRef, 'Data set of the training and the test.'),
    promoted: described(z.boolean(), 'Whether the version became the champion.'),
    decided_by: described(z.string(), 'A person, `rule` or `deadline`.', 'ann'),
    closed_at: described(z.iso.datetime(), 'Time of the decision.', '2026-11-27T03:00:00.000Z'),
  })
  .meta({ id: 'LineageRetraining', description: 'Retraining that made a version.' });

const person = z
  .object({
    by: described(z.string().nullable(), 'Name of the API key; null without keys.', 'ann'),
    images: count('Images with the feedback of this person.', 80),
  })
  .meta({ id: 'LineagePerson', description: 'Person who gave feedback of a data set.' });

const jobFrames = z
  .object({
    event_id: described(z.string(), 'Id of the job.', EXAMPLE.event),
    frames: count('Frames of the job.', 12),
  })
  .meta({ id: 'LineageJob', description: 'Job whose frames are in a data set.' });

const datasetOriginSchema = z
  .object({
    ...versioned('data set'),
    images: count('Images of the data set.', 120),
    people: described(z.array(person).readonly(), 'People who gave the feedback.', [
      { by: 'ann', images: 80 },
    ]),
    predictions: count('Images of predictions of the API.', 100),
    imports: count('Imported images.', 8),
    jobs: described(z.array(jobFrames).readonly(), 'Jobs of the frames, the most first.', [
      { event_id: EXAMPLE.event, frames: 12 },
    ]),
  })
  .meta({ id: 'DatasetOriginCounts', description: 'What a data set was made from.' });

export const modelLineageSchema = z
  .object({
    model: described(modelRef, 'The version.'),
    retrainings: described(
      z.array(originSchema).readonly(),
      'Retrainings that made it, the newest first; none for a model that was added.',
    ),
    datasets: described(
      z.array(datasetOriginSchema).readonly(),
      'Data sets of these retrainings that still exist.',
    ),
    descendants: described(z.array(retrainedRef).readonly(), 'Versions that were trained from it.'),
  })
  .meta({ id: 'ModelLineage', description: 'Where a version comes from, and what came from it.' });

const useSchema = z
  .object({
    ...versioned('data set'),
    items: count('Items of the image or of the job.', 1),
    models: described(
      z.array(retrainedRef).readonly(),
      'Versions that were trained and judged with the data set.',
    ),
  })
  .meta({ id: 'DatasetUse', description: 'Version of a data set that has an image or a job.' });

export const usesSchema = z
  .object({ uses: described(z.array(useSchema).readonly(), 'Versions of data sets.') })
  .meta({ id: 'DatasetUses', description: 'What was made from an image or a job.' });
