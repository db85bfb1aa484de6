import { z } from 'zod';
import { imageBatchRequestSchema } from '../../domain/image-batch/batch-request.js';
import type { ImageBatches } from '../../client/index.js';
import type { ApiContext } from '../context.js';
import type { ApiServer } from '../http/api-server.js';
import { END_ID, sendEvents } from '../http/event-stream.js';
import { resumeHeaders } from '../http/resume.js';
import { pageQuery } from '../schemas/common.js';
import {
  deletedImageBatchSchema,
  imageBatchEvent,
  imageBatchPageSchema,
  imageBatchParams,
  imageBatchSchema,
  startedImageBatchSchema,
} from '../schemas/image-batch-schemas.js';
import { problems } from '../schemas/problem-schema.js';
import { imageTableRoute } from './image-table.js';
import { IMAGE_BATCH, IMAGE_BATCHES } from './paths.js';

const tags = ['image batches'];

/** Routes for batches of images: predictions on many images as one table. */
export function imageBatchRoutes(server: ApiServer, context: ApiContext): void {
  startRoute(server, context);
  readRoutes(server, context);
  eventsRoute(server, context);
  imageTableRoute(server, context);
  cancelRoute(server, context);
  deleteRoute(server, context);
}

function startRoute(server: ApiServer, { services }: ApiContext): void {
  server.post(
    IMAGE_BATCHES,
    {
      config: { scope: 'write' },
      schema: {
        tags,
        operationId: 'startImageBatch',
        summary: 'Predict on the images of a bucket; the same request continues the same batch',
        body: imageBatchRequestSchema,
        response: { 202: startedImageBatchSchema, ...problems(404, 409) },
      },
    },
    async ({ body }, reply) => {
      const started = await services().client.imageBatches.start(body);
      void reply.code(202).header('location', `${IMAGE_BATCHES}/${started.batch_id}`);
      return started;
    },
  );
}

function readRoutes(server: ApiServer, { services }: ApiContext): void {
  server.get(
    IMAGE_BATCHES,
    {
      config: { scope: 'read' },
      schema: {
        tags,
        operationId: 'listImageBatches',
        summary: 'Batches of images, the newest first, a page at a time',
        querystring: pageQuery(),
        response: { 200: imageBatchPageSchema, ...problems() },
      },
    },
    ({ query }) => services().client.imageBatches.list(query),
  );
  server.get(
    IMAGE_BATCH,
    {
      config: { scope: 'read' },
      schema: {
        tags,
        operationId: 'getImageBatch',
        summary: 'A batch of images with its counts',
        params: imageBatchParams,
        response: { 200: imageBatchSchema, ...problems(404) },
      },
    },
    ({ params }) => services().client.imageBatches.get(params.batch_id),
  );
}

const eventsResponse = {
  description: 'Server-sent events',
  content: { 'text/event-stream': { schema: imageBatchEvent } },
};

function eventsRoute(server: ApiServer, { services }: ApiContext): void {
  server.get(
    `${IMAGE_BATCH}/events`,
    {
      config: { scope: 'read' },
      // A HEAD request would wait for the end of the batch.
      exposeHeadRoute: false,
      schema: {
        tags,
        operationId: 'streamImageBatch',
        summary: 'State as server-sent events until the batch is closed',
        params: imageBatchParams,
        headers: resumeHeaders,
        response: {
          200: eventsResponse,
          204: z.null().describe('The stream has already ended'),
          ...problems(404),
        },
      },
    },
    async ({ params: { batch_id }, headers }, reply) => {
      if (headers['last-event-id'] === END_ID) return reply.code(204).send(null);
      const { imageBatches } = services().client;
      await imageBatches.get(batch_id);
      return sendEvents(reply, (signal) => batchEvents(imageBatches, batch_id, signal));
    },
  );
}

async function* batchEvents(batches: ImageBatches, batchId: string, signal: AbortSignal) {
  let number = 0;
  let last = '';
  for await (const batch of batches.status(batchId, { signal })) {
    const text = JSON.stringify(batch);
    if (text === last) continue;
    last = text;
    yield { event: 'progress', id: String(++number), data: batch };
  }
}

function cancelRoute(server: ApiServer, { services }: ApiContext): void {
  server.post(
    `${IMAGE_BATCH}/cancel`,
    {
      config: { scope: 'write' },
      schema: {
        tags,
        operationId: 'cancelImageBatch',
        summary: 'Cancel a batch, which keeps its rows; started again, it continues',
        params: imageBatchParams,
        response: { 202: imageBatchSchema, ...problems(404) },
      },
    },
    async ({ params }, reply) => {
      const batch = await services().client.imageBatches.cancel(params.batch_id);
      return reply.code(202).send(batch);
    },
  );
}

function deleteRoute(server: ApiServer, { services }: ApiContext): void {
  server.delete(
    IMAGE_BATCH,
    {
      config: { scope: 'write' },
      schema: {
        tags,
        operationId: 'deleteImageBatch',
        summary:
          'Delete a batch with its uploads, list, parts and table; a running one is cancelled',
        params: imageBatchParams,
        response: { 200: deletedImageBatchSchema, ...problems(404) },
      },
    },
    ({ params }) => services().client.imageBatches.delete(params.batch_id),
  );
}
