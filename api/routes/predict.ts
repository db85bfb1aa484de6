import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { uploadSchema, uploadsSchema } from '../images/form.js';
import { toPredictRequest, predictQuery } from '../images/options.js';
import { predictEach } from '../images/predict-each.js';
import { armHeader, takePart } from '../experiments/take-part.js';
import { type ExperimentPrediction, predictInPart } from '../experiments/predict-in-part.js';
import { described } from '../../domain/described.js';
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
const predictHeaders = z.object({
  'x-vidette-subject': described(
    z.string().min(1).max(256).optional(),
    'User or device on whose behalf the image is sent: its requests stay in one arm of an experiment. Stored as a hash.',
    'user-17',
  ),
});
const FORM = {
  tags: ['images'],
  consumes: ['multipart/form-data'],
  querystring: predictQuery,
  headers: predictHeaders,
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
      const predict = await openPredictor(context, requestFolders, callOf(request, reply));
      const predicted = await predict(request.body.file);
      const { part } = predicted;
      if (part && part.active.experiment.mode === 'split')
        void reply.header('x-vidette-arm', armHeader(part));
      const [prediction] = await recordPredictions(context, reply, [predicted]);
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
      const predict = await openPredictor(context, requestFolders, callOf(request, reply));
      const outcomes = await predictEach(request.body.file, predict);
      return answerBatch(context, outcomes, request, reply);
    },
  );
}

async function answerBatch(
  context: ApiContext,
  outcomes: readonly (ExperimentPrediction | Error)[],
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const succeeded = outcomes.filter(
    (outcome): outcome is ExperimentPrediction => !(outcome instanceof Error),
  );
  const kept = (await recordPredictions(context, reply, succeeded)).values();
  const predictions = outcomes.map((outcome) => {
    if (!(outcome instanceof Error)) return kept.next().value!; // one for each
    context.metrics.failed(kindOfError(outcome), request.imageModel ?? undefined);
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
  readonly headers: z.infer<typeof predictHeaders>;
}

/** The headers of a request are not one of its own properties. */
function callOf<Request extends FastifyRequest & Pick<PredictCall, 'query' | 'headers'>>(
  request: Request,
  reply: FastifyReply,
): PredictCall {
  return { request, reply, query: request.query, headers: request.headers };
}

/** Returns a function that predicts the images of one request. */
async function openPredictor(
  { imageServices, config }: ApiContext,
  requestFolders: RequestFolders,
  { request, reply, query, headers }: PredictCall,
): Promise<(file: ImageFile) => Promise<ExperimentPrediction>> {
  const { images } = imageServices();
  const folder = await requestFolders(request, reply);
  const model = await images.models.get(query.model ?? config.images.classifier ?? config.model);
  request.imageModel = model.manifest;
  const ask = toPredictRequest(query, model, config);
  // A request that names its model takes part in no experiment.
  const active = query.model === undefined ? images.experiments.find(model) : undefined;
  const caller = { subject: headers['x-vidette-subject'], apiKey: request.caller?.name };
  return (file) => {
    const part = active && takePart(active, model, { ...caller, image: file.sha256 });
    return predictInPart(images, { file, ask, part }, folder, config.images);
  };
}

/** Logs predictions; resolves with their responses. */
async function recordPredictions(
  { imageServices, metrics }: ApiContext,
  reply: FastifyReply,
  succeeded: readonly ExperimentPrediction[],
): Promise<z.infer<typeof predictionSchema>[]> {
  const ids = await imageServices().images.log.add(succeeded.map(({ record }) => record));
  const latencyS = reply.elapsedTime / 1000;
  return succeeded.map(({ prediction, record, shadow }, i) => {
    const prediction_id = ids[i]!; // one for each
    metrics.predicted({ ...prediction, latencyS, model: record.model });
    shadow?.(prediction_id);
    return { prediction_id, ...prediction, prediction_time: record.prediction_time };
  });
}
