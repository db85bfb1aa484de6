import { z } from 'zod';
import type { ClipRequest } from '../../client/index.js';
import { described } from '../../domain/described.js';
import type { ApiContext } from '../context.js';
import type { ApiServer } from '../http/api-server.js';
import {
  cancellingSchema,
  renderOptions,
  renderResponses,
  sendRender,
  waitQuery,
} from '../http/send-render.js';
import { jobParams } from '../schemas/job-schemas.js';
import { problems } from '../schemas/problem-schema.js';
import { JOB } from './paths.js';
import { statResult } from './results.js';

const PATH = `${JOB}/clip`;

const clipQuery = z.object({
  from_ms: described(
    z.coerce.number().min(0).optional(),
    'Start of the clip in milliseconds from the start of the video, inclusive. Default: the start.',
    12_000,
  ),
  to_ms: described(
    z.coerce.number().min(0).optional(),
    'End of the clip in milliseconds, exclusive. Default: the end.',
    20_000,
  ),
  track: described(
    z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
    'Id of the track whose time is shown, in place of `from_ms` and `to_ms`.',
    7,
  ),
  margin_ms: described(
    z.coerce.number().min(0).max(600_000).optional(),
    'Milliseconds before and after the track. Default: 1000.',
    1000,
  ),
  boxes: described(
    z.enum(['all', 'none', 'track']).optional(),
    'What is drawn: all objects (default), none, or only those of the track.',
    'all',
  ),
});

/** Routes for clips of the video of a job. */
export function clipRoutes(server: ApiServer, context: ApiContext): void {
  clipRoute(server, context);
  cancelRoute(server, context);
}

function clipRoute(server: ApiServer, { services }: ApiContext): void {
  server.get(
    PATH,
    {
      config: { scope: 'read', startsWork: true },
      schema: {
        tags: ['jobs'],
        operationId: 'getClip',
        summary: 'MP4 of a span of the video of a job, or of a track, or a range of its bytes',
        description:
          'Contains exactly the frames of the span, from time 0 on, with their sound. The first request starts the render.',
        params: jobParams,
        querystring: clipQuery.extend(waitQuery.shape),
        response: renderResponses('The clip', 'MP4'),
      },
    },
    async (request, reply) => {
      const { client, objects } = services();
      const { event_id } = request.params;
      await statResult(client, objects, event_id);
      const options = renderOptions(request, request.query);
      const clip = await client.clip(event_id, { ...toRequest(request.query), ...options });
      if (clip.state === 'ready') {
        const name = `${event_id}.clip.mp4`;
        void reply.header('content-disposition', `attachment; filename="${name}"`);
      }
      return sendRender(request, reply, objects, clip);
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
        operationId: 'cancelClip',
        summary: 'Cancel the render of a clip; a finished clip is kept',
        params: jobParams,
        querystring: clipQuery,
        response: { 202: cancellingSchema, ...problems(404) },
      },
    },
    async ({ params: { event_id }, query }, reply) => {
      const { client, objects } = services();
      await statResult(client, objects, event_id);
      void reply.code(202);
      return { cancelling: await client.cancelClip(event_id, toRequest(query)) };
    },
  );
}

function toRequest(query: z.infer<typeof clipQuery>): ClipRequest {
  const { from_ms: fromMs, to_ms: toMs, track, margin_ms: marginMs, boxes } = query;
  return { fromMs, toMs, track, marginMs, boxes };
}
