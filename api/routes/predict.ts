import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { uploadSchema, uploadsSchema } from '../images/form.js';
import { askOf, askSchema } from '../images/options.js';
import { see, type Seen } from '../images/see.js';
import type { PictureFile } from '../images/sources.js';
import type { Workplaces } from '../images/workplace.js';
import type { ApiContext } from '../context.js';
import { problems } from '../problem-schema.js';
import type { ApiServer } from '../server.js';

const predictionSchema = z.object({
  prediction_id: z.string(),
  class: z.string().nullable().describe('null when a detector found nothing'),
  confidence: z.number().describe('0 to 1; 0 when nothing was found'),
  all_predictions: z
    .record(z.string(), z.number())
    .describe('Every class; of a detector the confidence of its best object, or 0'),
  prediction_time: z.number().describe('Seconds of the network alone'),
});

const TROUBLE = [400, 404, 413, 415, 422, 429, 503] as const;
const FORM = {
  tags: ['images'],
  consumes: ['multipart/form-data'],
  querystring: askSchema,
} as const;

/** What pictures show, by class. */
export function predictRoutes(
  server: ApiServer,
  context: ApiContext,
  workplaces: Workplaces,
): void {
  const predict = (
    request: FastifyRequest,
    reply: FastifyReply,
    files: readonly PictureFile[],
    query: z.infer<typeof askSchema>,
  ) => predictAll(context, workplaces, { request, reply, files, query });
  server.post(
    '/predict',
    {
      config: { scope: 'predict' },
      schema: {
        ...FORM,
        summary: 'What a picture shows, by class',
        body: z.object({ file: uploadSchema }),
        response: { 200: predictionSchema, ...problems(...TROUBLE) },
      },
    },
    async (request, reply) => {
      const [prediction] = await predict(request, reply, [request.body.file], request.query);
      return prediction!; // of one file
    },
  );
  server.post(
    '/predict/batch',
    {
      config: { scope: 'predict' },
      schema: {
        ...FORM,
        summary: 'What several pictures show, in their order; all of them or none',
        body: z.object({ file: uploadsSchema }),
        response: {
          200: z.object({ predictions: z.array(predictionSchema) }),
          ...problems(...TROUBLE),
        },
      },
    },
    async (request, reply) => ({
      predictions: await predict(request, reply, request.body.file, request.query),
    }),
  );
}

interface PredictRequest {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly files: readonly PictureFile[];
  readonly query: z.infer<typeof askSchema>;
}

async function predictAll(
  { services, config, metrics }: ApiContext,
  workplaces: Workplaces,
  { request, reply, files, query }: PredictRequest,
) {
  const { lanes, models, log } = services().images;
  const { signal } = await workplaces(request, reply);
  const model = await models.get(query.model ?? config.images.classifier ?? config.model);
  const ask = askOf(query, model, config);
  const seen = await Promise.all(files.map((file) => see(lanes, file, ask, signal)));
  const ids = await log.add(seen.map(({ record }) => record));
  const latencyS = reply.elapsedTime / 1000;
  return seen.map(({ prediction, record }: Seen, i) => {
    metrics.predicted({ ...prediction, latencyS });
    return {
      prediction_id: ids[i]!, // one for each
      ...prediction,
      prediction_time: record.prediction_time,
    };
  });
}
