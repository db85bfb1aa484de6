import { z } from 'zod';
import { type LoggedPrediction, PREDICTION_ID } from '../../domain/result/prediction-log.js';
import type { ApiContext } from '../context.js';
import { problems } from '../schemas/problem-schema.js';
import { ProblemError } from '../http/problem.js';
import type { ApiServer } from '../http/api-server.js';

const predictionId = z.string().regex(PREDICTION_ID, 'expected the id of a prediction');
const box = z
  .tuple([z.number(), z.number(), z.number(), z.number()])
  .describe('x1, y1, x2, y2 in pixels of the displayed image');
const className = z.string().min(1).max(200);
const comment = z.string().min(1).max(2000);
/** Maximum number of objects in a correction. */
const OBJECTS_MAX = 1000;
const correctedObject = z.strictObject({
  class: className,
  box: box.refine(([xMin, yMin, xMax, yMax]) => xMin < xMax && yMin < yMax, {
    error: 'expected x1 < x2 and y1 < y2',
  }),
});

const feedbackBody = z
  .strictObject({
    prediction_id: predictionId,
    class: className.optional().describe('Correct class'),
    box: box.optional(),
    objects: z
      .array(correctedObject)
      .max(OBJECTS_MAX)
      .optional()
      .describe('Complete list of correct objects, replacing the predicted ones; [] for none'),
    comment: comment.optional(),
  })
  .refine((body) => body.class ?? body.box ?? body.objects ?? body.comment, {
    error: 'expected a class, a box, objects or a comment',
  });

const loggedSchema = z.object({
  prediction_id: z.string(),
  image_hash: z.string().describe('MD5 of the file'),
  predicted_class: z.string().nullable(),
  confidence: z.number(),
  prediction_time: z.number().describe('Seconds of inference alone'),
  model: z.object({ name: z.string(), version: z.int(), sha256: z.string() }),
  time: z.iso.datetime(),
  objects: z
    .array(z.object({ class: z.string(), box: z.array(z.number()), conf: z.number() }))
    .optional(),
  feedback: z.array(
    z.object({
      class: z.string().optional(),
      box: z.array(z.number()).optional(),
      objects: z.array(z.object({ class: z.string(), box: z.array(z.number()) })).optional(),
      comment: z.string().optional(),
      time: z.iso.datetime(),
    }),
  ),
});

const pageSchema = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: predictionId.optional().describe('`next` of the page before'),
});

/** Routes for the prediction log and its feedback. */
export function predictionRoutes(server: ApiServer, { services }: ApiContext): void {
  server.get(
    '/predictions',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['images'],
        summary: 'Predictions of single images, newest first',
        querystring: pageSchema,
        response: {
          200: z.object({ predictions: z.array(loggedSchema), next: z.string().nullable() }),
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
        summary: 'Add feedback to a prediction',
        body: feedbackBody,
        response: {
          201: z.object({ prediction_id: z.string() }),
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

function toResponse({ time, feedback, objects, ...prediction }: LoggedPrediction) {
  return {
    ...prediction,
    time: time.toISOString(),
    ...(objects && { objects: objects.map(copyBox) }),
    feedback: feedback.map(({ class: name, box, objects, comment, time }) => ({
      ...(name !== undefined && { class: name }),
      ...(box && { box: [...box] }),
      ...(objects && { objects: objects.map(copyBox) }),
      ...(comment !== undefined && { comment }),
      time: time.toISOString(),
    })),
  };
}

/** Copies the box: the response schema requires a mutable array. */
function copyBox<T extends { readonly box: readonly number[] }>(object: T) {
  return { ...object, box: [...object.box] };
}
