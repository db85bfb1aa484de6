import { z } from 'zod';
import { described } from '../../domain/described.js';
import { ARMS } from '../../domain/experiment/experiment.js';
import { recordSchema } from '../../domain/record-schema.js';
import type { LoggedPrediction } from '../../domain/result/prediction-log.js';
import {
  boxSchema,
  className,
  count,
  EXAMPLE,
  modelSchema,
  next,
  objectSchema,
  seconds,
  time,
} from './common.js';
import { problemSchema } from './problem-schema.js';

export const imageUrl = described(
  z.string().max(4096).optional(),
  'http or https URL of an image.',
  'https://example.com/cat.jpg',
);

export const predictionId = described(
  z.string(),
  'Id of the prediction, for POST /feedback.',
  EXAMPLE.prediction,
);
const inferenceTime = seconds('Seconds of inference alone.', 0.031);
const nullableClass = described(
  z.string().nullable(),
  'Class with the highest confidence; null if a detector found nothing.',
  'cat',
);
const confidence = described(
  z.number().min(0).max(1),
  'Confidence of the class, 0 to 1; 0 if nothing was found.',
  0.93,
);

export const predictionSchema = z
  .object({
    prediction_id: predictionId,
    class: nullableClass,
    confidence,
    all_predictions: described(
      recordSchema(z.number()),
      'Confidence of every class; for a detector, of its best object or 0.',
      { cat: 0.93, dog: 0.04 },
    ),
    prediction_time: inferenceTime,
  })
  .meta({ id: 'Prediction', description: 'Class of an image.' });

const outcomeSchema = z
  .union([predictionSchema, problemSchema])
  .meta({ id: 'PredictionOrProblem', description: 'Outcome of an image of a batch.' });

const outcomes = described(
  z.array(outcomeSchema),
  'Prediction or problem of each image, in the order sent.',
);

export const batchSchema = z
  .object({ predictions: outcomes })
  .meta({ id: 'PredictionBatch', description: 'Classes of several images.' });

export const batchProblemSchema = problemSchema
  .extend({ predictions: outcomes })
  .meta({ id: 'BatchProblem', description: 'Problem of a batch in which no image succeeded.' });

export const correctedObject = z
  .object({ class: className, box: boxSchema.readonly() })
  .meta({ id: 'CorrectedObject', description: 'Object of a correction.' });

const givenFeedback = z
  .object({
    class: described(z.string().optional(), 'Correct class.', 'dog'),
    box: described(z.array(z.number()).readonly().optional(), 'Correct box.', [412, 96, 508, 301]),
    objects: described(
      z.array(correctedObject).readonly().optional(),
      'Complete list of correct objects, replacing the predicted ones.',
    ),
    comment: described(z.string().optional(), 'Comment of the user.', 'It is a fox.'),
    by: described(
      z.string().optional(),
      'Name of the API key that sent it; missing without keys.',
      'reviewer-1',
    ),
    time: time('Time of the feedback.'),
  })
  .meta({ id: 'Feedback', description: 'Feedback on a prediction.' });

const keptImageSchema = z
  .object({
    bucket: described(z.string(), 'Bucket of the image.', 'pictures'),
    key: described(z.string(), 'Key of the image.', `pictures/9f/${EXAMPLE.sha256}`),
    sha256: described(
      z.string(),
      'SHA-256 of the file, for GET /api/v1/pictures/{sha256}.',
      EXAMPLE.sha256,
    ),
    width: count('Width in pixels as displayed.', 1280),
    height: count('Height in pixels as displayed.', 720),
  })
  .meta({ id: 'KeptImage', description: 'Image in the object store.' });

const predictionExperiment = z
  .object({
    id: described(z.string(), 'Id of the experiment.', 'fish-8bed849eba57'),
    arm: described(z.enum(ARMS), 'Arm that answered.', 'champion'),
  })
  .meta({ id: 'PredictionExperiment', description: 'Part of a prediction in an experiment.' });

const loggedSchema = z
  .object({
    prediction_id: predictionId,
    image_hash: described(
      z.string(),
      'MD5 of the file, in hex.',
      '0cc175b9c0f1b6a831c399e269772661',
    ),
    predicted_class: nullableClass,
    confidence,
    prediction_time: inferenceTime,
    model: described(modelSchema, 'Model of the prediction.'),
    time: time('Time of the prediction.'),
    objects: described(
      z.array(objectSchema).readonly().optional(),
      'Objects of a detector; missing for a classifier.',
    ),
    picture: described(
      keptImageSchema.optional(),
      'The kept image; missing if it was not kept. It may have been removed since.',
    ),
    audit: described(
      z.literal(true).optional(),
      'Present if the prediction belongs to the audit sample, which is chosen before its result is known.',
    ),
    experiment: described(
      predictionExperiment.optional(),
      'Present if the prediction takes part in an experiment.',
    ),
    subject: described(
      z.string().optional(),
      'SHA-256 of what keeps the request in its arm; missing outside of a split.',
      EXAMPLE.sha256,
    ),
    feedback: described(z.array(givenFeedback), 'Feedback, the oldest first.'),
  })
  .meta({ id: 'LoggedPrediction', description: 'Recorded prediction with its feedback.' });

export const predictionPageSchema = z
  .object({
    predictions: described(z.array(loggedSchema), 'Predictions, the newest first.'),
    next,
  })
  .meta({ id: 'PredictionPage', description: 'Page of the recorded predictions.' });

/** Returns a logged prediction as a response has it. */
export function viewPrediction({ time, feedback, ...prediction }: LoggedPrediction) {
  return {
    ...prediction,
    time: time.toISOString(),
    feedback: feedback.map((given) => ({ ...given, time: given.time.toISOString() })),
  };
}

export const erasedImageSchema = z
  .object({
    sha256: described(z.string(), 'SHA-256 of the file, in hex.', EXAMPLE.sha256),
    datasets: described(
      z.array(z.string()).readonly(),
      'Versions of data sets that have it, as name@version; their exports leave it out.',
      ['fish@3'],
    ),
    models: described(
      z.array(z.string()).readonly(),
      'Versions of models that were trained on these, as name@version.',
      ['fish@4'],
    ),
  })
  .meta({ id: 'ErasedImage', description: 'Image that was erased.' });
