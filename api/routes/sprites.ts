import { z } from 'zod';
import { described } from '../../domain/described.js';
import type { ApiContext } from '../context.js';
import type { ApiServer } from '../http/api-server.js';
import { renderOptions, renderSchema, sendRender, waitQuery } from '../http/send-render.js';
import { binary, count, unchanged } from '../schemas/common.js';
import { jobParams } from '../schemas/job-schemas.js';
import { problems } from '../schemas/problem-schema.js';
import { JOB } from './paths.js';

const spriteSchema = z
  .object({
    image: described(
      z.string(),
      'Path of the sheet, which a new render changes.',
      '/api/v1/jobs/cars-0f3a2b1c9d8e-5d1f0c7a9b3e/sprite.jpg?v=9bb58f26',
    ),
    tile: described(
      z.object({
        width: count('Width in pixels.', 160),
        height: count('Height in pixels.', 90),
      }),
      'Size of an image.',
      { width: 160, height: 90 },
    ),
    columns: count('Images in a row of the sheet.', 10),
    times_ms: described(
      z.array(z.int()).readonly(),
      'Time of each image in milliseconds from the start of the video, row by row.',
      [0, 800, 1600],
    ),
  })
  .meta({ id: 'Sprite', description: 'Small images of a video in one sheet.' });

const sheetQuery = waitQuery.extend({
  v: described(
    z.string().max(128).optional(),
    'Version of the sheet, as in `image` of the sprite; with it, the response can be cached.',
    '9bb58f26',
  ),
});

const sheetResponse = (description: string) => ({
  description,
  content: { 'image/jpeg': { schema: binary('JPEG') } },
});

/** Routes for small images of the video of a job. */
export function spriteRoutes(server: ApiServer, context: ApiContext): void {
  indexRoute(server, context);
  sheetRoute(server, context);
}

function indexRoute(server: ApiServer, { services }: ApiContext): void {
  server.get(
    `${JOB}/sprite`,
    {
      config: { scope: 'read', startsWork: true },
      schema: {
        tags: ['jobs'],
        operationId: 'getSprite',
        summary: 'At most 100 small images of the video of a job: their times, and their sheet',
        description: 'The first request starts the render, also of a job that stores no frames.',
        params: jobParams,
        querystring: waitQuery,
        response: { 200: spriteSchema, 202: renderSchema, ...problems(404, 422) },
      },
    },
    async (request, reply) => {
      const { event_id } = request.params;
      const options = renderOptions(request, request.query);
      const state = await services().client.sprite(event_id, options);
      if (state.state === 'making') return sendRender(request, reply, services().objects, state);
      const path = `${JOB}/sprite.jpg`.replace(':event_id', event_id);
      void reply.header('cache-control', 'private, no-cache');
      return reply.send({ image: `${path}?v=${state.found.etag}`, ...state.sprite });
    },
  );
}

function sheetRoute(server: ApiServer, { services }: ApiContext): void {
  server.get(
    `${JOB}/sprite.jpg`,
    {
      config: { scope: 'read', startsWork: true },
      schema: {
        tags: ['jobs'],
        operationId: 'getSpriteSheet',
        summary: 'The sheet of the small images of the video of a job',
        params: jobParams,
        querystring: sheetQuery,
        response: {
          200: sheetResponse('The sheet'),
          202: renderSchema,
          206: sheetResponse('A range of its bytes'),
          304: unchanged,
          ...problems(404, 416, 422),
        },
      },
    },
    async (request, reply) => {
      const { v } = request.query;
      const options = renderOptions(request, request.query);
      const state = await services().client.sprite(request.params.event_id, options);
      const isImmutable = state.state === 'ready' && state.found.etag === v;
      return sendRender(request, reply, services().objects, { ...state, isImmutable });
    },
  );
}
