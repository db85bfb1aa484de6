import { z } from 'zod';
import { described } from '../../domain/described.js';
import type { Bbox } from '../../domain/result/detection.js';
import { type LoggedPrediction, PREDICTION_ID } from '../../domain/result/prediction-log.js';
import type { ApiContext } from '../context.js';
import { boxSchema, EXAMPLE, pageQuery } from '../schemas/common.js';
import { predictionPageSchema } from '../schemas/image-schemas.js';
import { problems } from '../schemas/problem-schema.js';
import { ProblemError } from '../http/problem.js';
import type { ApiServer } from '../http/api-server.js';

const predictionId = z.string().regex(PREDICTION_ID, 'expected the id of a prediction');
const className = z.string().min(1).max(200);
/** Maximum number of objects in a correction. */
const OBJECTS_MAX = 1000;

const correctedObject = z
  .strictObject({
    class: described(className, 'Class of the object.', 'person'),
    box: boxSchema
      .transform(([xMin, yMin, xMax, yMax]): Bbox => [xMin!, yMin!, xMax!, yMax!]) // it has four
      .refine(([xMin, yMin, xMax, yMax]) => xMin < xMax && yMin < yMax, {
        error: 'expected x1 < x2 and y1 < y2',
      }),
  })
  .meta({ id: 'ObjectCorrection', description: 'Correct object.' });

const feedbackBody = z
  .strictObject({
    prediction_id: described(predictionId, 'Id of the prediction.', EXAMPLE.prediction),
    class: described(className.optional(), 'Correct class.', 'dog'),
    box: described(boxSchema.optional(), 'Correct box.', [412, 96, 508, 301]),
    objects: described(
      z.array(correctedObject).max(OBJECTS_MAX).optional(),
      'Complete list of correct objects, replacing the predicted ones; [] for none.',
    ),
    comment: described(z.string().min(1).max(2000).optional(), 'Comment.', 'It is a fox.'),
  })
  .refine((body) => body.class ?? body.box ?? body.objects ?? body.comment, {
    error: 'expected a class, a box, objects or a comment',
  })
  .meta({ id: 'FeedbackRequest', description: 'A class, a box, objects or a comment.' });

const feedbackStored = z
  .object({ prediction_id: described(z.string(), 'Id of the prediction.', EXAMPLE.prediction) })
  .meta({ id: 'FeedbackStored', description: 'The feedback is stored.' });

/** Routes for the prediction log and its feedback. */
export function predictionRoutes(server: ApiServer, { services }: ApiContext): void {
  server.get(
    '/predictions',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['images'],
        operationId: 'listPredictions',
        summary: 'Predictions of single images, newest first',
        querystring: pageQuery(predictionId),
        response: {
          200: predictionPageSchema,
          ...problems(400, 503),
        },
      },
    },
    async ({ query: { limit, cursor } }) => {
      const page = { limit: limit + 1, ...(cursor !== undefined && { before: cursor }) };
      const found = await services().images.log.list(page);
      const predictions = found.slice(0, limit);
      const next = found.length > limit ? predictions.at(-1)!.prediction_id : null;
      return { predictions: predictions.map(toResponse), next };
    },
  );
  server.post(
    '/feedback',
    {
      config: { scope: 'write' },
      schema: {
        tags: ['images'],
        operationId: 'addFeedback',
        summary: 'Add feedback to a prediction',
        body: feedbackBody,
        response: {
          201: feedbackStored,
          ...problems(400, 404, 415, 503),
        },
      },
    },
    async ({ body }, reply) => {
      const { prediction_id } = body;
      const isKnown = await services().images.log.addFeedback({ ...body, time: new Date() });
      if (!isKnown)
        throw new ProblemError('not-found', `Prediction ${prediction_id} was not found.`);
      return reply.code(201).send({ prediction_id });
    },
  );
}

function toResponse({ time, feedback, ...prediction }: LoggedPrediction) {
  return {
    ...prediction,
    time: time.toISOString(),
    feedback: feedback.map((given) => ({ ...given, time: given.time.toISOString() })),
  };
}
