import type { z } from 'zod';
import { addPredictionFeedback } from '../../domain/result/add-prediction-feedback.js';
import type { ApiContext } from '../context.js';
import type { ApiServer } from '../http/api-server.js';
import { ProblemError } from '../http/problem.js';
import { pageQuery } from '../schemas/common.js';
import {
  feedbackBody,
  frameFeedbackPage,
  frameFeedbackStored,
  predictionFeedbackStored,
} from '../schemas/feedback-schemas.js';
import { jobParams } from '../schemas/job-schemas.js';
import { problems } from '../schemas/problem-schema.js';
import { JOB } from './paths.js';

/** Routes for feedback on predictions of images and on frames of jobs. */
export function feedbackRoutes(server: ApiServer, context: ApiContext): void {
  addRoute(server, context);
  listRoute(server, context);
}

function addRoute(server: ApiServer, context: ApiContext): void {
  server.post(
    '/feedback',
    {
      config: { scope: 'write' },
      schema: {
        tags: ['images'],
        operationId: 'addFeedback',
        summary: 'Add feedback to the prediction of an image, or to a frame of a job',
        body: feedbackBody,
        response: {
          201: predictionFeedbackStored.or(frameFeedbackStored),
          ...problems(400, 404, 415, 503),
        },
      },
    },
    async ({ body, caller }, reply) => {
      const given = { ...body, ...(caller && { by: caller.name }) };
      const stored = isOfFrame(given)
        ? await context.services().client.addFrameFeedback(given.event_id, given)
        : await addToPrediction(context, given);
      return reply.code(201).send(stored);
    },
  );
}

type Given = z.infer<typeof feedbackBody> & { readonly by?: string };

/** The schema admits a frame only with these fields. */
function isOfFrame(
  given: Given,
): given is Given & Required<Pick<Given, 'event_id' | 'frame_id' | 'objects'>> {
  return given.event_id !== undefined;
}

async function addToPrediction({ services, imageServices }: ApiContext, given: Given) {
  const { event_id: _event, frame_id: _frame, prediction_id: id, ...feedback } = given;
  const prediction_id = id!; // required by the schema
  const { log } = imageServices().images;
  // Needed for kept images only.
  const pin = (sha256: string) => services().documents.keptImages.pin(sha256);
  const stores = { log, keptImages: { pin } };
  if (!(await addPredictionFeedback(stores, { prediction_id, ...feedback }))) {
    throw new ProblemError('not-found', `Prediction ${prediction_id} was not found.`);
  }
  return { prediction_id };
}

function listRoute(server: ApiServer, { services }: ApiContext): void {
  server.get(
    `${JOB}/feedback`,
    {
      config: { scope: 'read' },
      schema: {
        tags: ['jobs'],
        operationId: 'listFrameFeedback',
        summary: 'Feedback on the frames of a job: the latest of each person',
        params: jobParams,
        querystring: pageQuery(),
        response: { 200: frameFeedbackPage, ...problems(400, 404, 503) },
      },
    },
    async ({ params: { event_id }, query: { limit, cursor } }) => {
      const { client } = services();
      const { feedback, next } = await client.frameFeedback(event_id, { limit, cursor });
      return {
        feedback: feedback.map((each) => ({ ...each, time: each.time.toISOString() })),
        next,
      };
    },
  );
}
