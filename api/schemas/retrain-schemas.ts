import { z } from 'zod';
import { described } from '../../domain/described.js';
import { RETRAIN_OUTCOMES, RETRAIN_STAGES } from '../../domain/retrain/retrain.js';
import { JOB_STATUSES } from '../../domain/job/job-status.js';
import { modelParams } from './alias-schemas.js';
import { count } from './common.js';
import { datasetVersionParams } from './dataset-schemas.js';

const sha256 = described(
  z.string(),
  'SHA-256, in hex.',
  '9f2c5b1e0d7a4c3b8e6f1a2d5c4b3e0f9a8d7c6b5e4f3a2b1c0d9e8f7a6b5c4d',
);
const model = described(z.string(), 'Name of the model.', 'fish');
const workflowId = described(z.string(), 'Id of the workflow in Temporal.', 'retrain/fish');
const share = (description: string, example: number) => described(z.number(), description, example);
const versioned = (what: string) => ({
  name: described(z.string(), `Name of the ${what}.`, 'fish'),
  version: described(z.int(), `Version of the ${what}.`, 3),
  sha256,
});

const precision = (description: string, example: number) =>
  described(z.number().nullable(), `${description}; null without such an object.`, example);

const boxScoresSchema = z
  .object({
    ap50: precision('At an IoU of at least 0.5', 0.71),
    ap75: precision('At an IoU of at least 0.75', 0.48),
    small: precision('Of objects below 32 x 32 pixels', 0.21),
    medium: precision('Of objects up to 96 x 96 pixels', 0.45),
    large: precision('Of larger objects', 0.6),
  })
  .meta({ id: 'RetrainBoxScores', description: "Parts of COCO's average precision." });

const scoreSchema = z
  .object({
    value: share(
      'Share of the test images whose best class is right; mean average precision of a detector.',
      0.93,
    ),
    calibration_error: described(
      z.number().nullable(),
      'Expected calibration error; null for a detector.',
      0.04,
    ),
    boxes: described(boxScoresSchema.optional(), 'Average precisions; absent for a classifier.'),
    classes: described(
      z.record(
        z.string(),
        z.object({
          images: count('Test images.', 40),
          value: share('Share that is right; average precision of a detector.', 0.9),
        }),
      ),
      'Test images and score of each class.',
      { salmon: { images: 40, value: 0.9 } },
    ),
    ms_per_image: described(
      z.number(),
      'CPU milliseconds of the fastest image, with decoding.',
      21.5,
    ),
  })
  .meta({ id: 'RetrainScore', description: 'Score of a model on the test part.' });

const comparisonSchema = z
  .object({
    images: count('Number of test images.', 200),
    champion: described(scoreSchema, 'Score of the base.'),
    challenger: described(scoreSchema, 'Score of the trained model.'),
    difference: described(
      z.object({
        value: share('Challenger minus champion.', 0.03),
        low: share('Lower end of the 95 % interval.', 0.01),
        high: share('Upper end of the 95 % interval.', 0.05),
      }),
      'Difference on the same images.',
      { value: 0.03, low: 0.01, high: 0.05 },
    ),
  })
  .meta({ id: 'RetrainComparison', description: 'Scores of both models on the same images.' });

const trainedSchema = z
  .object({
    sha256,
    attempt: count('Attempt that ended.', 1),
    resumed_from: described(
      z.number().nullable(),
      'Step of the checkpoint from which it continued; null from the start.',
      null,
    ),
    metrics: described(
      z.record(z.string(), z.number().nullable()),
      'Scores that the trainer reports.',
      { val_accuracy: 0.91 },
    ),
  })
  .meta({ id: 'RetrainedModel', description: 'Model that was trained.' });

const stepSchema = z
  .object({
    step: count('Step.', 120),
    of: count('Number of steps.', 460),
    loss: described(z.number().nullable(), 'Loss; null before it is known.', 0.312),
  })
  .meta({ id: 'TrainingStep', description: 'Newest stored step of a training.' });

export const retrainingSchema = z
  .object({
    model,
    status: described(
      z.enum(JOB_STATUSES).exclude(['predictable']),
      'processing, ready when the decision is carried out, failed or cancelled.',
    ),
    stage: described(z.enum(RETRAIN_STAGES), 'What it does; `waiting` for a decision.'),
    outcome: described(
      z.enum(RETRAIN_OUTCOMES).nullable(),
      'How it ended: `promoted-elsewhere` if its challenger became the champion while it waited, as by an experiment, `not-enough` with fewer new images than `min_new`; null before, and if it failed.',
    ),
    error: described(z.string().nullable(), 'Reason of a failure.', null),
    retrain_id: described(z.string().nullable(), 'Id of the training.', 'fish-8bed849eba57'),
    base: described(z.object(versioned('model')).nullable(), 'Version that is trained further.'),
    dataset: described(z.object(versioned('data set')).nullable(), 'Data set.'),
    new_images: described(
      z
        .object({
          count: count('New or changed images since the data set of the base.', 12),
          required: count('Number that is required.', 50),
        })
        .nullable(),
      'New images; null without `min_new`.',
    ),
    training: described(stepSchema.nullable(), 'Step of the training while it runs.'),
    trained: described(trainedSchema.nullable(), 'Trained model.'),
    comparison: described(comparisonSchema.nullable(), 'Scores of both models.'),
    verdict: described(
      z
        .object({
          gate: described(z.enum(['pass', 'fail', 'unsure']), 'Verdict of the gate.'),
          reasons: described(z.array(z.string()).readonly(), 'Limits that are not respected.', []),
        })
        .nullable(),
      'Verdict about the challenger.',
    ),
    version: described(z.int().nullable(), 'Version of the challenger.', 4),
    mlflow_version: described(
      z.int().nullable(),
      'Version of the challenger in MLflow; null if it is not registered there.',
      2,
    ),
    decide_until: described(
      z.iso.datetime().nullable(),
      'Time at which an undecided challenger is not promoted.',
      '2026-05-11T09:30:00.000Z',
    ),
    decision: described(
      z
        .object({
          promote: described(z.boolean(), 'Whether the challenger becomes the champion.', true),
          by: described(z.string(), 'A person, `rule` or `deadline`.', 'anna'),
          reason: described(z.string().nullable(), 'Why.', 'fewer misses at night'),
        })
        .nullable(),
      'Decision about the challenger.',
    ),
    workflow_id: workflowId,
  })
  .meta({ id: 'Retraining', description: 'Retraining of a model.' });

export const retrainingsQuery = z.object({
  model: described(modelParams.shape.name.optional(), 'Only the retraining of this model.', 'fish'),
  dataset: described(
    datasetVersionParams.shape.spec.optional(),
    'Only retrainings on this data set, as name (any version) or name@version.',
    'fish@3',
  ),
});

export const retrainingsSchema = z
  .object({
    retrainings: described(
      z.array(retrainingSchema).readonly(),
      'The newest retraining of each model, by name.',
    ),
  })
  .meta({ id: 'Retrainings', description: 'Retrainings.' });

export const startedRetrainingSchema = z
  .object({
    model,
    workflow_id: workflowId,
    started: described(z.boolean(), 'False if a retraining of the model is running.', true),
  })
  .meta({ id: 'StartedRetraining', description: 'Retraining that a request started or found.' });
