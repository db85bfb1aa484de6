import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { uploadSchema, uploadsSchema } from '../images/form.js';
import { toPredictRequest, predictQuery } from '../images/options.js';
import { predictEach } from '../images/predict-each.js';
import { predictAndKeep, type ImagePrediction } from '../images/predict-image.js';
import type { ImageFile } from '../images/sources.js';
import type { RequestFolders } from '../images/request-folder.js';
import type { ApiContext } from '../context.js';
import { kindOfError, sendProblem } from '../http/error-handler.js';
import { createProblem, problemOf } from '../http/problem.js';
import { batchProblemSchema, batchSchema, predictionSchema } from '../schemas/image-schemas.js';
import { problemResponse, problems } from '../schemas/problem-schema.js';
import type { ApiServer } from '../http/api-server.js';

const imageForm = z
  .object({ file: uploadSchema })
  .meta({ id: 'ImageForm', description: 'Form with an image.' });
const imagesForm = z
  .object({ file: uploadsSchema })
  .meta({ id: 'ImagesForm', description: 'Form with one or more images.' });

const ERROR_STATUSES = [400, 404, 413, 415, 422, 429, 503] as const;
const FORM = {
  tags: ['images'],
  consumes: ['multipart/form-data'],
  querystring: predictQuery,
} as const;

/** Routes for predictions of images by class. */
export function predictRoutes(
  server: ApiServer,
  context: ApiContext,
  requestFolders: RequestFolders,
): void {
  predictRoute(server, context, requestFolders);
  batchRoute(server, context, requestFolders);
}

function predictRoute(
  server: ApiServer,
  context: ApiContext,
  requestFolders: RequestFolders,
): void {
  server.post(
    '/predict',
    {
      config: { scope: 'predict' },
      schema: {
        ...FORM,
        operationId: 'predictImage',
        summary: 'Predict the class of an image',
        body: imageForm,
        response: { 200: predictionSchema, ...problems(...ERROR_STATUSES) },
      },
    },
    async (request, reply) => {
      const predict = await openPredictor(context, requestFolders, { request, reply, ...request });
      const [prediction] = await recordPredictions(context, reply, [
        await predict(request.body.file),
      ]);
      return prediction!; // of one image
    },
  );
}

function batchRoute(server: ApiServer, context: ApiContext, requestFolders: RequestFolders): void {
  server.post(
    '/predict/batch',
    {
      config: { scope: 'predict', keepsInvalidImages: true },
      schema: {
        ...FORM,
        operationId: 'predictImages',
        summary: 'Predict the class of several images; an invalid image yields its own problem',
        body: imagesForm,
        response: {
          200: batchSchema,
          ...problems(...ERROR_STATUSES),
          422: problemResponse(422, batchProblemSchema),
        },
      },
    },
    async (request, reply) => {
      const predict = await openPredictor(context, requestFolders, { request, reply, ...request });
      const outcomes = await predictEach(request.body.file, predict);
      return answerBatch(context, outcomes, request, reply);
    },
  );
}

async function answerBatch(
  context: ApiContext,
  outcomes: readonly (ImagePrediction | Error)[],
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const succeeded = outcomes.filter(
    (outcome): outcome is ImagePrediction => !(outcome instanceof Error),
  );
  const kept = (await recordPredictions(context, reply, succeeded)).values();
  const predictions = outcomes.map((outcome) => {
    if (!(outcome instanceof Error)) return kept.next().value!; // one for each
    context.metrics.failed(kindOfError(outcome));
    return problemOf(outcome, request.id)!; // predictEach returns only such errors
  });
  if (succeeded.length > 0) return { predictions };
  const detail = `None of the ${outcomes.length} images could be processed. See "predictions" for the reason of each.`;
  const problem = { ...createProblem('bad-image', detail, request.id), predictions };
  return sendProblem(reply, problem);
}

interface PredictCall {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly query: z.infer<typeof predictQuery>;
}

/** Returns a function that predicts the images of one request. */
async function openPredictor(
  { services, config }: ApiContext,
  requestFolders: RequestFolders,
  { request, reply, query }: PredictCall,
): Promise<(file: ImageFile) => Promise<ImagePrediction>> {
  const { lanes, models, keep } = services().images;
  const { auditRate } = config.images;
  const { signal } = await requestFolders(request, reply);
  const model = await models.get(query.model ?? config.images.classifier ?? config.model);
  const ask = toPredictRequest(query, model, config);
  return (file) => predictAndKeep(lanes, file, ask, { keep, auditRate }, signal);
}

/** Logs predictions; resolves with their responses. */
async function recordPredictions(
  { services, metrics }: ApiContext,
  reply: FastifyReply,
  succeeded: readonly ImagePrediction[],
): Promise<z.infer<typeof predictionSchema>[]> {
  const ids = await services().images.log.add(succeeded.map(({ record }) => record));
  const latencyS = reply.elapsedTime / 1000;
  return succeeded.map(({ prediction, record }, i) => {
    metrics.predicted({ ...prediction, latencyS });
    return {
      prediction_id: ids[i]!, // one for each
      ...prediction,
      prediction_time: record.prediction_time,
    };
  });
}
