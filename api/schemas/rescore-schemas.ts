import { z } from 'zod';
import { CASE_ORDERS } from '../../client/index.js';
import { described } from '../../domain/described.js';
import { JOB_STATUSES } from '../../domain/job/job-status.js';
import { ID } from '../../domain/names.js';
import { recordSchema } from '../../domain/record-schema.js';
import { RESCORE_STAGES } from '../../domain/rescore/rescore.js';
import { PAST_KINDS } from '../../domain/rescore/rescore-request.js';
import { count, time } from './common.js';
import { diffCounts } from './diff-schemas.js';
import { eventId, videoId } from './job-schemas.js';

const RESCORING = 'rescore-8bed849eba57';

const rescoreId = described(z.string().regex(ID), 'Id of the rescoring.', RESCORING);

/** Path parameters of a rescoring. */
export const rescoreParams = z.object({ rescore_id: rescoreId });

export const casesQuery = z.object({
  order: described(
    z.enum(CASE_ORDERS).default('compared'),
    'All cases as they were compared, or the 1000 for which an answer of a person is worth most.',
  ),
});

const workflowId = described(z.string(), 'Id of the workflow in Temporal.', `rescore/${RESCORING}`);

const agreement = described(
  z.number().min(0).max(1).nullable(),
  'Share in which nothing differs; null without any.',
  0.962,
);

const objectsSchema = z
  .object(diffCounts)
  .meta({ id: 'DiffCounts', description: 'Counts of the differences of objects.' });

const classChange = z.object({
  before: count('Images to which the past model gave the class.', 40),
  after: count('Images to which the other model gives it.', 43),
  both: count('Images to which both gave it.', 38),
});

const imagesSchema = z
  .object({
    total: count('Images that the past model has predicted.', 1200),
    compared: count('Images that both models have predicted.', 1196),
    failed: count('Images that could not be predicted, such as those that were removed.', 4),
    agree: count('Compared images in which nothing differs.', 1150),
    agreement,
    classes: described(recordSchema(classChange), 'By best class, the most changes first.', {
      salmon: { before: 40, after: 43, both: 38 },
    }),
    objects: described(
      objectsSchema.nullable(),
      'Differences of the objects, with images as frames; null if a model classifies images.',
    ),
  })
  .meta({ id: 'RescoredImages', description: 'What would have changed in the images.' });

const notCompared = z
  .object({
    event_id: eventId,
    reason: described(z.string(), 'Why it is not compared.', 'The video cars was removed.'),
  })
  .meta({ id: 'NotCompared', description: 'Past job that is not compared.' });

const jobsSchema = z
  .object({
    total: count('Finished jobs of the past model.', 12),
    compared: count('Jobs that are compared.', 11),
    not_compared: described(
      z.array(notCompared).readonly(),
      'Up to 100 of the jobs that are not compared.',
    ),
    agreement,
    objects: described(objectsSchema, 'Differences of the objects over all compared frames.'),
  })
  .meta({ id: 'RescoredJobs', description: 'What would have changed in the jobs.' });

const reportSchema = z
  .object({
    rescore_id: rescoreId,
    images: described(imagesSchema, 'Images.'),
    jobs: described(jobsSchema, 'Jobs.'),
    cases: count('Images and frames that differ.', 46),
  })
  .meta({ id: 'RescoreReport', description: 'What would have changed.' });

const progressSchema = z
  .object({
    stage: described(z.enum(RESCORE_STAGES), 'Stage.', 'images'),
    images: described(z.int().min(0).nullable(), 'Images; null until they are listed.', 1200),
    jobs: described(z.int().min(0).nullable(), 'Jobs; null until they are listed.', 12),
  })
  .meta({ id: 'RescoreProgress', description: 'Progress of a rescoring.' });

export const rescoringSchema = z
  .object({
    rescore_id: rescoreId,
    created_at: time('First start of the rescoring.'),
    status: described(
      z.enum(JOB_STATUSES).exclude(['predictable']),
      'processing, ready when the report exists, failed or cancelled.',
    ),
    error: described(z.string().nullable(), 'Reason of a failure.', null),
    model: described(z.string(), 'Model that runs over the past predictions.', 'fish@4'),
    of: described(z.string(), 'Model of the past predictions.', 'fish@3'),
    since: time('Start of the time span.'),
    until: time('End of the time span.'),
    include: described(z.array(z.enum(PAST_KINDS)).readonly(), 'Kinds of predictions.', ['images']),
    conf: described(z.number(), 'Minimum confidence of the compared objects of images.', 0.25),
    progress: described(progressSchema.nullable(), 'Progress; null unless it is running.'),
    report: described(reportSchema.nullable(), 'Report; null until it is ready.'),
    workflow_id: workflowId,
  })
  .meta({ id: 'Rescoring', description: 'Another model over past predictions.' });

export const rescoringsSchema = z
  .object({
    rescorings: described(z.array(rescoringSchema).readonly(), 'Rescorings, the newest first.'),
  })
  .meta({ id: 'RescoringList', description: 'All rescorings.' });

export const startedRescoringSchema = z
  .object({
    rescore_id: rescoreId,
    workflow_id: workflowId,
    started: described(
      z.boolean(),
      'Whether it was started; false if it is running, or if its report exists.',
    ),
  })
  .meta({ id: 'StartedRescoring', description: 'Rescoring that a request started or found.' });

export const cancelledRescoringSchema = z
  .object({
    cancelling: described(z.boolean(), 'Whether it was running and is being cancelled.'),
  })
  .meta({ id: 'CancelledRescoring', description: 'Rescoring whose cancellation was requested.' });

export const deletedRescoringSchema = z
  .object({
    rescore_id: rescoreId,
    objects: count('Number of objects that were removed.', 12),
  })
  .meta({ id: 'DeletedRescoring', description: 'Rescoring that was deleted.' });

const change = described(z.string(), 'What differs.', 'car → truck; appeared: dog');
const worth = described(
  z.number().min(0).max(1),
  'How much an answer of a person is worth: the lower of both confidences, or that of an object of one model only.',
  0.87,
);

const answerSchema = z
  .object({
    class: described(z.string().nullable(), 'Best class; null if nothing was found.', 'salmon'),
    confidence: described(z.number(), 'Confidence, 0 to 1.', 0.91),
  })
  .meta({ id: 'ImageAnswer', description: 'Answer of a model to an image.' });

const imageCase = z
  .object({
    type: described(z.literal('image'), 'Kind of case.'),
    prediction_id: described(z.string(), 'Id of the prediction.', '65f0c2d5e6f0e4b7a9b570d5'),
    sha256: described(z.string(), 'SHA-256 of the kept image.', 'a'.repeat(64)),
    before: described(answerSchema, 'Answer of the past model.'),
    after: described(answerSchema, 'Answer of the other model.'),
    ...{ change, worth },
  })
  .meta({ id: 'ImageCase', description: 'Image for which the models differ.' });

const frameCase = z
  .object({
    type: described(z.literal('frame'), 'Kind of case.'),
    event_id: eventId,
    rescored_event_id: described(z.string(), 'Job of the other model.', 'street-1-8bed849eba57'),
    video_id: videoId,
    frame: count('Index of the frame in the source.', 35),
    timestamp_ms: described(z.number(), 'Milliseconds from the start of the video.', 1401.4),
    ...{ change, worth },
  })
  .meta({ id: 'FrameCase', description: 'Frame of a video for which the models differ.' });

export const casesResponse = {
  description: 'The cases as JSON lines',
  content: {
    'application/x-ndjson': {
      schema: z
        .union([imageCase, frameCase])
        .meta({ id: 'RescoreCase', description: 'Image or frame for which the models differ.' }),
    },
  },
};
