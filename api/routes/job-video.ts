import type { RenderState } from '../../client/index.js';
import { AppError, hasCode } from '../../domain/errors.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { ApiContext, ApiServices } from '../context.js';
import { jobParams } from '../schemas/job-schemas.js';
import { problems } from '../schemas/problem-schema.js';
import {
  cancellingSchema,
  renderOptions,
  renderResponses,
  sendRender,
  waitQuery,
} from '../http/send-render.js';
import type { ApiServer } from '../http/api-server.js';
import { JOB } from './paths.js';

const tags = ['jobs'];

/** Routes for the video of a job. */
export function jobVideoRoutes(server: ApiServer, context: ApiContext): void {
  videoRoute(server, context);
  cancelVideoRoute(server, context);
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
        response: renderResponses('The video', 'MP4 or WebM'),
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
