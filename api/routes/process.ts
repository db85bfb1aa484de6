import { readFile } from 'node:fs/promises';
import Negotiator from 'negotiator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { described } from '../../domain/described.js';
import type { ApiContext } from '../context.js';
import { fetchImage } from '../images/load-image.js';
import { uploadSchema } from '../images/form.js';
import { type CutMode, CUTS } from '../images/image-job.js';
import { toPredictRequest, predictQuery } from '../images/options.js';
import { predictImage } from '../images/predict-image.js';
import type { RequestFolders } from '../images/request-folder.js';
import { binary } from '../schemas/common.js';
import { imageUrl } from '../schemas/image-schemas.js';
import { problems } from '../schemas/problem-schema.js';
import { ProblemError } from '../http/problem.js';
import type { ApiServer } from '../http/api-server.js';

const JSON_TYPE = 'application/json';
const PNG_TYPE = 'image/png';

const processBody = z
  .strictObject({
    file: uploadSchema.optional(),
    url: imageUrl,
    mode: described(
      z.enum(CUTS, { error: `expected one of the modes ${CUTS.join(', ')}` }),
      'Crop to the main object, blur its background, or both.',
    ),
  })
  .refine(({ file, url }) => (file === undefined) !== (url === undefined), {
    error: 'expected either an image as "file" of a form or its "url"',
  })
  .meta({ id: 'ProcessRequest', description: 'One image, and how to cut it.' });

const processedSchema = z
  .object({
    result: described(z.array(z.base64()), 'PNGs in base64, the crop first.', ['iVBORw0KGgo=']),
  })
  .meta({ id: 'ProcessedImage', description: 'Images of the main object.' });

type ProcessBody = z.infer<typeof processBody>;

/** Route that cuts out the main object of an image. */
export function processRoutes(
  server: ApiServer,
  context: ApiContext,
  requestFolders: RequestFolders,
): void {
  server.post(
    '/process',
    {
      config: { scope: 'predict' },
      schema: {
        tags: ['images'],
        operationId: 'processImage',
        summary: 'Crop an image to its main object, or blur the background',
        description:
          'The main object is the one with the largest product of confidence and area. With `Accept: image/*` the response is the PNG itself.',
        consumes: [JSON_TYPE, 'multipart/form-data'],
        querystring: predictQuery,
        body: processBody,
        response: {
          200: {
            description: 'PNGs in base64, the crop first; or the PNG itself',
            content: {
              [JSON_TYPE]: { schema: processedSchema },
              [PNG_TYPE]: { schema: binary('PNG') },
            },
          },
          ...problems(400, 404, 406, 413, 415, 422, 429, 503),
        },
      },
    },
    async (request, reply) => {
      const type = answerType(request, request.body.mode);
      const made = await process(context, requestFolders, { request, reply, ...request });
      if (type === PNG_TYPE) return reply.type(PNG_TYPE).send(made[0]);
      return reply.send({ result: made.map((png) => png.toString('base64')) });
    },
  );
}

/** @throws ProblemError `not-acceptable`. */
function answerType({ headers }: FastifyRequest, mode: CutMode): string {
  const type = new Negotiator({ headers }).mediaType([JSON_TYPE, PNG_TYPE]);
  if (type === undefined) {
    throw new ProblemError(
      'not-acceptable',
      `The response is ${JSON_TYPE} or ${PNG_TYPE}. Send one of them as the Accept header.`,
    );
  }
  if (type === PNG_TYPE && mode === 'both') {
    throw new ProblemError(
      'not-acceptable',
      `Mode "both" returns two images, which ${PNG_TYPE} cannot hold. Send "Accept: ${JSON_TYPE}", or request "crop" and "blur" separately.`,
    );
  }
  return type;
}

interface ProcessRequest {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly body: ProcessBody;
  readonly query: z.infer<typeof predictQuery>;
}

/** Processes an image; resolves with PNGs. */
async function process(
  { imageServices, config, metrics }: ApiContext,
  requestFolders: RequestFolders,
  { request, reply, body: { file, url, mode }, query }: ProcessRequest,
): Promise<Buffer[]> {
  const { lanes, models, log, download } = imageServices().images;
  const model = await models.getDetector(query.model ?? config.model);
  request.imageModel = model.manifest;
  const folder = await requestFolders(request, reply);
  const image = file ?? (await fetchImage(download, url!, folder, config.images.maxBytes)); // exactly one is given
  const ask = { ...toPredictRequest(query, model, config), cut: mode };
  const { result, prediction, record } = await predictImage(lanes, image, ask, folder.signal);
  await log.add([record]);
  const latencyS = reply.elapsedTime / 1000;
  metrics.predicted({ ...prediction, latencyS, model: record.model });
  if (result.made.length > 0) return Promise.all(result.made.map((path) => readFile(path)));
  throw new ProblemError(
    'object-not-found',
    `${image.displayName}: model ${model.manifest.name} found no object with a confidence of at least ${query.conf}. Lower conf, or use another model.`,
  );
}
