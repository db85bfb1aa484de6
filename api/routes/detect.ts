import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { jobInputSchema } from '../../domain/job/job-input.js';
import { BUCKETS } from '../../domain/names.js';
import { described } from '../../domain/described.js';
import type { ApiContext } from '../context.js';
import { decodeFrame, fetchImage, readStoredFrame } from '../images/load-image.js';
import { uploadSchema } from '../images/form.js';
import { toPredictRequest, predictQuery } from '../images/options.js';
import { predictImage } from '../images/predict-image.js';
import type { ImageFile } from '../images/sources.js';
import type { RequestFolders } from '../images/request-folder.js';
import { count, EXAMPLE, objectSchema } from '../schemas/common.js';
import { imageUrl, predictionId } from '../schemas/image-schemas.js';
import { problems } from '../schemas/problem-schema.js';
import type { ApiServer } from '../http/api-server.js';

const SOURCES = ['file', 'url', 'frame_data', 'frame_path'] as const;
const FRAMES = ['frame_data', 'frame_path'] as const;

const detectBody = z
  .strictObject({
    file: uploadSchema.optional(),
    url: imageUrl,
    frame_data: described(z.string().min(1).optional(), 'JPEG in base64.', '/9j/4AAQSkZJRg=='),
    frame_path: described(
      z.string().min(1).max(1024).optional(),
      'Key of a frame in the bucket "frames".',
      `frames/${EXAMPLE.event}/35.jpg`,
    ),
    event_id: described(
      jobInputSchema.shape.event_id,
      'Event of the frame; required for a frame.',
      EXAMPLE.event,
    ),
    frame_id: described(
      z.coerce.number().int().min(0).optional(),
      'Index of the frame; required for a frame.',
      35,
    ),
    bucket: described(z.string().min(1).max(63).optional(), 'Bucket of the frame.', 'frames'),
  })
  .meta({ id: 'DetectRequest', description: 'One image, or one frame of an event.' })
  .superRefine((body, issues) => {
    const given = SOURCES.filter((name) => body[name] !== undefined);
    if (given.length !== 1) {
      const received = given.length === 0 ? 'none' : given.join(' and ');
      issues.addIssue(`expected one of ${SOURCES.join(', ')}, received ${received}`);
    }
    const isFrame = FRAMES.some((name) => body[name] !== undefined);
    if (isFrame && (body.event_id === undefined || body.frame_id === undefined)) {
      issues.addIssue('a frame requires event_id and frame_id');
    }
    if (body.frame_path !== undefined && (body.bucket ?? BUCKETS.frames) !== BUCKETS.frames) {
      issues.addIssue(`frame_path must be a key of the bucket "${BUCKETS.frames}"`);
    }
  });

type DetectBody = z.infer<typeof detectBody>;

const framePrediction = z
  .object({
    frame: count('Index of the frame; 0 for an image without an event.', 35),
    objects: described(z.array(objectSchema).readonly(), 'Objects of the image.'),
  })
  .meta({ id: 'FramePrediction', description: 'Objects of one frame or image.' });

const detectedSchema = z
  .object({
    event_id: described(
      z.string().nullable(),
      'Event of the frame; null for an image without an event.',
      EXAMPLE.event,
    ),
    frame_id: count('Index of the frame; 0 for an image without an event.', 35),
    bucket: described(z.string().nullable(), 'Bucket of the frame; null without one.', 'frames'),
    prediction: described(framePrediction, 'Objects of the image.'),
    prediction_id: predictionId,
  })
  .meta({ id: 'DetectResponse', description: 'Objects of an image.' });

/** Route for the objects of one image or frame. */
export function detectRoutes(
  server: ApiServer,
  context: ApiContext,
  requestFolders: RequestFolders,
): void {
  server.post(
    '/detect',
    {
      config: { scope: 'predict' },
      schema: {
        tags: ['images'],
        operationId: 'detectImage',
        summary: 'Detect the objects in an image: an upload, a URL, or a frame of an event',
        consumes: ['application/json', 'multipart/form-data'],
        querystring: predictQuery,
        body: detectBody,
        response: {
          200: detectedSchema,
          ...problems(400, 404, 413, 415, 422, 429, 503),
        },
      },
    },
    (request, reply) => detect(context, requestFolders, { request, reply, ...request }),
  );
}

interface DetectRequest {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly body: DetectBody;
  readonly query: z.infer<typeof predictQuery>;
}

async function detect(
  context: ApiContext,
  requestFolders: RequestFolders,
  { request, reply, body, query }: DetectRequest,
) {
  const { imageServices, config, metrics } = context;
  const { lanes, models, log } = imageServices().images;
  const model = await models.getDetector(query.model ?? config.model);
  request.imageModel = model.manifest;
  const folder = await requestFolders(request, reply);
  const image = await loadImage(context, body, folder);
  const { result, prediction, record } = await predictImage(
    lanes,
    image,
    toPredictRequest(query, model, config),
    folder.signal,
  );
  const [prediction_id] = await log.add([record]);
  const latencyS = reply.elapsedTime / 1000;
  metrics.predicted({ ...prediction, latencyS, model: record.model });
  const { event_id = null, frame_id = 0, frame_path } = body;
  const bucket = body.bucket ?? (frame_path === undefined ? null : BUCKETS.frames);
  const objects = result.found.kind === 'objects' ? result.found.objects : [];
  return {
    ...{ event_id, frame_id, bucket },
    prediction: {
      frame: frame_id,
      objects: objects.map(({ class: name, box, conf }) => ({ class: name, box: [...box], conf })),
    },
    prediction_id: prediction_id!, // of one record
  };
}

/** Loads the image of a body into the request's folder. */
async function loadImage(
  { services, imageServices, config: { images } }: ApiContext,
  { file, url, frame_data, frame_path, event_id, frame_id }: DetectBody,
  folder: Awaited<ReturnType<RequestFolders>>,
): Promise<ImageFile> {
  if (file) return file;
  if (url !== undefined) {
    const { download } = imageServices().images;
    return fetchImage(download, url, folder, images.maxBytes);
  }
  const name = { event_id: event_id!, frame_id: frame_id! }; // required by the schema
  if (frame_data !== undefined) return decodeFrame(frame_data, name, folder);
  return readStoredFrame(services().objects, frame_path!, name, folder, images.maxBytes);
}
