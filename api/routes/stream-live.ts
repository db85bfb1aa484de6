import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { LiveBody, LiveKind } from '../../client/index.js';
import type { ApiContext } from '../context.js';
import { START_TIME_HEADER } from '../../domain/stream/worker-paths.js';
import { drawLastRow } from '../images/draw-row.js';
import type { ApiServer } from '../http/api-server.js';
import { binary } from '../schemas/common.js';
import { flag } from '../schemas/flag.js';
import { problems } from '../schemas/problem-schema.js';
import { streamParams } from '../schemas/stream-schemas.js';

import { STREAM } from './paths.js';

const tags = ['streams'];

/** Routes for live images, which the worker of the camera sends. */
export function streamLiveRoutes(server: ApiServer, context: ApiContext): void {
  latestRoute(server, context);
  liveRoute(server, context, {
    path: 'live.frames',
    kind: 'liveFrames',
    operationId: 'getLiveFrames',
    summary:
      'The coded frames of a camera as they arrive, for WebCodecs, and its rows as they are made, without an end',
    mediaType: 'multipart/x-mixed-replace',
  });
  liveRoute(server, context, {
    path: 'live.mp4',
    kind: 'liveMp4',
    operationId: 'getLiveVideo',
    summary: 'The video of a camera as fragmented MP4, without an end',
    mediaType: 'video/mp4',
  });
  liveRoute(server, context, {
    path: 'live.mjpeg',
    kind: 'liveMjpeg',
    operationId: 'getLiveImages',
    summary: 'The images of a camera as they are detected, without an end',
    mediaType: 'multipart/x-mixed-replace',
  });
}

function latestRoute(server: ApiServer, { services }: ApiContext): void {
  server.get(
    `${STREAM}/latest.jpg`,
    {
      config: { scope: 'read' },
      exposeHeadRoute: false,
      schema: {
        tags,
        operationId: 'getLatestImage',
        summary: 'The newest image of a camera',
        params: streamParams,
        querystring: z.object({ boxes: flag('Whether the objects of the last row are drawn.') }),
        response: {
          200: { description: 'JPEG', content: { 'image/jpeg': { schema: binary('JPEG') } } },
          ...problems(404, 409),
        },
      },
    },
    async ({ params: { scenario_uuid }, query: { boxes } }, reply) => {
      const { streams } = services().client;
      const { body } = await streams.live(scenario_uuid, 'latestJpeg');
      const jpeg = await buffer(body);
      void reply.type('image/jpeg').header('cache-control', 'no-store');
      return reply.send(boxes ? await drawLastRow(services(), scenario_uuid, jpeg) : jpeg);
    },
  );
}

interface LiveRoute {
  readonly path: string;
  readonly kind: LiveKind;
  readonly operationId: string;
  readonly summary: string;
  readonly mediaType: string;
}

function liveRoute(server: ApiServer, { services }: ApiContext, route: LiveRoute): void {
  const { path, kind, operationId, summary, mediaType } = route;
  server.get(
    `${STREAM}/${path}`,
    {
      config: { scope: 'read' },
      exposeHeadRoute: false,
      schema: {
        tags,
        operationId,
        summary,
        params: streamParams,
        response: {
          200: {
            description: `Live images; the header ${START_TIME_HEADER} has the time at which video starts`,
            content: { [mediaType]: { schema: binary('Video') } },
          },
          ...problems(404, 409, 422, 504),
        },
      },
    },
    async ({ params: { scenario_uuid } }, reply) => {
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort());
      const live = await services().client.streams.live(scenario_uuid, kind, gone.signal);
      return sendLive(reply, live, gone);
    },
  );
}

/** Sends a body without an end until the client leaves or this process stops. */
function sendLive(
  reply: FastifyReply,
  { contentType, startTime, body }: LiveBody,
  gone: AbortController,
): FastifyReply {
  const { stopping } = reply.server;
  const stop = () => gone.abort();
  stopping.addEventListener('abort', stop, { once: true });
  const stream = Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]); // the same class, of another typing
  stream.once('close', () => stopping.removeEventListener('abort', stop));
  if (startTime !== null) void reply.header(START_TIME_HEADER, startTime);
  return reply.type(contentType).header('cache-control', 'no-store').send(stream);
}
