import { z } from 'zod';
import type { RenderState, VidetteClient } from '../../client/index.js';
import { described } from '../../domain/described.js';
import { AppError, hasCode } from '../../domain/errors.js';
import { readPlan } from '../../domain/job/job-store.js';
import { readClasses } from '../../domain/model/model-classes.js';
import { BUCKETS, keys } from '../../domain/names.js';
import { createPalette } from '../../domain/result/class-colours.js';
import { annotateJpeg } from '../images/annotate.js';
import type { ApiContext, ApiServices } from '../context.js';
import { ProblemError } from '../http/problem.js';
import { binary, unchanged } from '../schemas/common.js';
import { jobParams } from '../schemas/job-schemas.js';
import { problems } from '../schemas/problem-schema.js';
import {
  cancellingSchema,
  renderOptions,
  renderSchema,
  sendRender,
  waitQuery,
} from '../http/send-render.js';
import type { ApiServer } from '../http/api-server.js';
import { JOB } from './paths.js';

const tags = ['jobs'];

const frameParams = jobParams.extend({
  frame: described(
    z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
    'Index of the frame in the source.',
    35,
  ),
});

const jpegResponse = {
  description: 'The frame as it was stored',
  content: { 'image/jpeg': { schema: binary('JPEG') } },
};
const videoResponse = (description: string) => ({
  description,
  content: { 'video/mp4': { schema: binary('MP4 or WebM') } },
});

/** Routes for the video of a job and its frames. */
export function jobMediaRoutes(server: ApiServer, context: ApiContext): void {
  videoRoute(server, context);
  cancelVideoRoute(server, context);
  frameRoutes(server, context);
}

function videoRoute(server: ApiServer, { services }: ApiContext): void {
  server.get(
    `${JOB}/video`,
    {
      config: { scope: 'read', startsWork: true },
      schema: {
        tags,
        operationId: 'getJobVideo',
        summary: 'The video of a job in a form that browsers play, whole or a range of its bytes',
        params: jobParams,
        querystring: waitQuery,
        response: {
          200: videoResponse('The video'),
          202: renderSchema,
          206: videoResponse('A range of its bytes'),
          304: unchanged,
          ...problems(404, 413, 416, 422),
        },
      },
    },
    async (request, reply) => {
      const options = renderOptions(request, request.query);
      const video = await playableOf(services(), request.params.event_id, options);
      return sendRender(request, reply, services().objects, video);
    },
  );
}

function cancelVideoRoute(server: ApiServer, { services }: ApiContext): void {
  server.delete(
    `${JOB}/video`,
    {
      config: { scope: 'write' },
      schema: {
        tags,
        operationId: 'cancelPreview',
        summary: 'Cancel the render of a preview; a finished preview is kept',
        params: jobParams,
        response: { 202: cancellingSchema, ...problems(404) },
      },
    },
    async ({ params: { event_id } }, reply) => {
      void reply.code(202);
      return { cancelling: await services().client.cancelRender(event_id, 'preview') };
    },
  );
}

/** Until a video is probed, its format is unknown: the source is sent unchanged. */
async function playableOf(
  services: ApiServices,
  eventId: string,
  options: ReturnType<typeof renderOptions>,
): Promise<RenderState> {
  try {
    return await services.client.playableSource(eventId, options);
  } catch (error) {
    if (!hasCode(error, 'JOB_NOT_FOUND')) throw error;
    return { state: 'ready', ...(await sourceOf(services, eventId)) };
  }
}

async function sourceOf({ client, documents, objects }: ApiServices, eventId: string) {
  const event = await documents.findEvent(eventId);
  const videoId = event?.video_id ?? (await client.job(eventId)).video_id;
  const bucket = event?.bucket ?? BUCKETS.videos;
  const key = videoId === null ? undefined : keys.video(videoId);
  const found = key === undefined ? undefined : await objects.stat(bucket, key);
  if (key !== undefined && found) {
    return { bucket, key, found, contentType: 'video/mp4' } as const;
  }
  throw new AppError(
    'VIDEO_NOT_FOUND',
    `The video of job ${eventId} is no longer in the object store.`,
    { event_id: eventId },
  );
}

function frameRoutes(server: ApiServer, { services }: ApiContext): void {
  const response = { 200: jpegResponse, ...problems(404) };
  server.get(
    `${JOB}/frames/:frame.jpg`,
    {
      config: { scope: 'read' },
      schema: {
        tags,
        operationId: 'getFrame',
        summary: 'A stored frame, after preprocessing',
        params: frameParams,
        response,
      },
    },
    async ({ params: { event_id, frame } }, reply) =>
      reply.type('image/jpeg').send(await jpegOf(services().client, event_id, frame)),
  );
  server.get(
    `${JOB}/frames/:frame/annotated.jpg`,
    {
      config: { scope: 'read' },
      schema: {
        tags,
        operationId: 'getAnnotatedFrame',
        summary: 'A stored frame with boxes and labels drawn',
        params: frameParams,
        response,
      },
    },
    async ({ params: { event_id, frame } }, reply) => {
      const { client } = services();
      const jpeg = await jpegOf(client, event_id, frame);
      const row = await client.frameRow(event_id, frame);
      if (!row) throw notDetected(event_id, frame);
      const palette = createPalette(await classesOf(services(), event_id));
      return reply.type('image/jpeg').send(await annotateJpeg(jpeg, row.objects, palette));
    },
  );
}

/** Classes of a job's model by class id. They are read from its plan: only the object store is needed. */
async function classesOf({ objects, models }: ApiServices, eventId: string) {
  const plan = await readPlan(objects, eventId);
  return plan ? readClasses(models, plan.model) : [];
}

/** @throws ProblemError `frame-not-stored`, AppError `JOB_NOT_FOUND`. */
async function jpegOf(client: VidetteClient, eventId: string, frame: number): Promise<Buffer> {
  const jpeg = await client.frameJpeg(eventId, frame);
  if (jpeg) return jpeg;
  await client.job(eventId);
  throw new ProblemError(
    'frame-not-stored',
    `Frame ${frame} of job ${eventId} is not stored: it was not sampled, is not processed yet, or the job stores no frames (frames: none).`,
  );
}

function notDetected(eventId: string, frame: number): ProblemError {
  return new ProblemError(
    'no-result',
    `Frame ${frame} of job ${eventId} has no detections: it was skipped or is not processed yet.`,
  );
}
