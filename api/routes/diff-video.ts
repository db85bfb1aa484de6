import type { z } from 'zod';
import type { ApiContext, ApiServices } from '../context.js';
import type { ApiServer } from '../http/api-server.js';
import {
  cancellingSchema,
  renderOptions,
  renderResponses,
  sendRender,
  waitQuery,
} from '../http/send-render.js';
import { comparisonQuery } from '../schemas/diff-schemas.js';
import { problems } from '../schemas/problem-schema.js';
import { statResult } from './results.js';

const PATH = '/api/v1/diff/video';

/** Routes for the video of the frames in which two results differ. */
export function diffVideoRoutes(server: ApiServer, context: ApiContext): void {
  videoRoute(server, context);
  cancelRoute(server, context);
}

function videoRoute(server: ApiServer, { services }: ApiContext): void {
  server.get(
    PATH,
    {
      config: { scope: 'read', startsWork: true },
      schema: {
        tags: ['jobs'],
        operationId: 'getDiffVideo',
        summary: 'Video of the frames in which the results of two jobs differ, or a range of it',
        description:
          'Each frame that differs is shown for half a second, with the boxes of both jobs, its time, and what differs. The first request starts the render. If no frame differs, the response is a 404 of kind `no-difference`.',
        querystring: comparisonQuery.extend(waitQuery.shape),
        response: { ...renderResponses('The video', 'MP4'), ...problems(409) },
      },
    },
    async (request, reply) => {
      const { client, objects } = services();
      const { a, b, ...thresholds } = await expectResults(services(), request.query);
      const options = renderOptions(request, request.query);
      const video = await client.diffReel(a, b, { ...thresholds, ...options });
      if (video.state === 'ready') {
        void reply.header('content-disposition', `attachment; filename="${a}.diff.mp4"`);
      }
      return sendRender(request, reply, objects, video);
    },
  );
}

function cancelRoute(server: ApiServer, { services }: ApiContext): void {
  server.delete(
    PATH,
    {
      config: { scope: 'write' },
      schema: {
        tags: ['jobs'],
        operationId: 'cancelDiffVideo',
        summary: 'Cancel the render of a video of differences; a finished video is kept',
        querystring: comparisonQuery,
        response: { 202: cancellingSchema, ...problems(404, 409) },
      },
    },
    async ({ query }, reply) => {
      const { a, b, ...thresholds } = await expectResults(services(), query);
      void reply.code(202);
      return { cancelling: await services().client.cancelReel(a, b, thresholds) };
    },
  );
}

async function expectResults(
  { client, objects }: ApiServices,
  { a, b, conf_a: confA, conf_b: confB }: z.infer<typeof comparisonQuery>,
) {
  for (const eventId of [a, b]) await statResult(client, objects, eventId);
  return { a, b, confA, confB };
}
