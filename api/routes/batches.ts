import { describeExport } from '../../domain/export/formats.js';
import type { ApiContext } from '../context.js';
import type { ApiServer } from '../http/api-server.js';
import {
  batchPageSchema,
  batchParams,
  batchSchema,
  startedBatchSchema,
} from '../schemas/batch-schemas.js';
import { pageQuery } from '../schemas/common.js';
import { exportContent } from '../schemas/export-content.js';
import { batchRequestSchema } from '../schemas/job-options.js';
import { problems } from '../schemas/problem-schema.js';
import { checkWebhook } from '../webhook.js';
import { BATCH, BATCHES } from './paths.js';

const tags = ['batches'];

/** Routes for batches: the jobs of several videos with the same options. */
export function batchRoutes(server: ApiServer, context: ApiContext): void {
  startRoute(server, context);
  readRoutes(server, context);
  changeRoutes(server, context);
  csvRoute(server, context);
}

function startRoute(server: ApiServer, { services, config }: ApiContext): void {
  server.post(
    BATCHES,
    {
      config: { scope: 'write' },
      schema: {
        tags,
        operationId: 'startVideoBatch',
        summary: 'Start the jobs of stored videos; the same request returns the same batch',
        description:
          'Runs a few jobs at a time. Jobs that exist are not doubled; those that failed run again.',
        body: batchRequestSchema,
        response: { 202: startedBatchSchema, ...problems(404, 413, 422) },
      },
    },
    async ({ body: { video_ids, ...options } }, reply) => {
      checkWebhook(options.webhook, config);
      const started = await services().client.batches.start(video_ids, options);
      void reply.code(202).header('location', `${BATCHES}/${started.batch_id}`);
      return started;
    },
  );
}

function readRoutes(server: ApiServer, { services }: ApiContext): void {
  server.get(
    BATCHES,
    {
      config: { scope: 'read' },
      schema: {
        tags,
        operationId: 'listVideoBatches',
        summary: 'Batches, the newest first, a page at a time',
        querystring: pageQuery(),
        response: { 200: batchPageSchema, ...problems() },
      },
    },
    ({ query }) => services().client.batches.list(query),
  );
  server.get(
    BATCH,
    {
      config: { scope: 'read' },
      schema: {
        tags,
        operationId: 'getVideoBatch',
        summary: 'A batch with the number of its jobs by status',
        params: batchParams,
        response: { 200: batchSchema, ...problems(404) },
      },
    },
    ({ params }) => services().client.batches.get(params.batch_id),
  );
}

function changeRoutes(server: ApiServer, { services }: ApiContext): void {
  server.post(
    `${BATCH}/retry`,
    {
      config: { scope: 'write' },
      schema: {
        tags,
        operationId: 'retryVideoBatch',
        summary:
          'Run the jobs again that are neither ready nor deleted; a running batch is not changed',
        params: batchParams,
        response: { 202: batchSchema, ...problems(404) },
      },
    },
    async ({ params }, reply) => {
      void reply.code(202);
      return services().client.batches.retry(params.batch_id);
    },
  );
  server.delete(
    BATCH,
    {
      config: { scope: 'write' },
      schema: {
        tags,
        operationId: 'cancelVideoBatch',
        summary: 'Cancel a batch and the jobs that it has started; their detections are kept',
        params: batchParams,
        response: { 202: batchSchema, ...problems(404) },
      },
    },
    async ({ params }, reply) => {
      void reply.code(202);
      return services().client.batches.cancel(params.batch_id);
    },
  );
}

function csvRoute(server: ApiServer, { services }: ApiContext): void {
  server.get(
    `${BATCH}/csv`,
    {
      config: { scope: 'read' },
      schema: {
        tags,
        operationId: 'getVideoBatchCsv',
        summary: 'The objects of all jobs that are ready as one CSV, with a column for the video',
        params: batchParams,
        response: {
          200: exportContent(['csv']),
          ...problems(404),
        },
      },
    },
    async ({ params: { batch_id } }, reply) => {
      const stream = await services().client.batches.csv(batch_id);
      const { mediaType, fileName } = describeExport('csv', batch_id);
      void reply
        .type(mediaType)
        .header('content-disposition', `attachment; filename="${fileName}"`)
        .header('cache-control', 'private, no-cache');
      return reply.send(stream);
    },
  );
}
