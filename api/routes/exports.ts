import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { described } from '../../domain/described.js';
import { sha256 } from '../../domain/hash.js';
import { ID } from '../../domain/names.js';
import type { ExportOptions } from '../../domain/export/export-source.js';
import { describeExport, EXPORT_FORMATS, type ExportFormat } from '../../domain/export/formats.js';
import type { ApiContext, ApiServices } from '../context.js';
import { unchanged } from '../schemas/common.js';
import { exportContent } from '../schemas/export-content.js';
import { flag } from '../schemas/flag.js';
import { problems } from '../schemas/problem-schema.js';
import {
  cancellingSchema,
  renderOptions,
  renderSchema,
  sendRender,
  waitQuery,
} from '../http/send-render.js';
import { jobParams } from '../schemas/job-schemas.js';
import type { ApiServer } from '../http/api-server.js';
import { JOB } from './paths.js';
import { statResult } from './results.js';

const EXPORT = `${JOB}/export`;

const exportQuery = waitQuery.extend({
  format: described(z.enum(EXPORT_FORMATS).default('json'), 'Format of the export.'),
  ids: described(
    z.enum(['model', 'coco91']).default('model'),
    'Numbering of the categories of a COCO export: class ids plus 1, or the 91 ids of COCO.',
  ),
  conf: flag('Whether lines of a YOLO export end with the confidence.'),
  images: flag('Whether a YOLO export contains the stored frames, as training needs.'),
  zones: described(
    z.string().regex(ID).optional(),
    'Name of zones of the video: CSV and JSON lines have the zones that each object is in.',
    'default',
  ),
});

/** Routes for results in the formats of other tools. */
export function exportRoutes(server: ApiServer, context: ApiContext): void {
  exportRoute(server, context);
  cancelRoute(server, context);
}

function exportRoute(server: ApiServer, { services }: ApiContext): void {
  server.get(
    EXPORT,
    {
      config: { scope: 'read', startsWork: true },
      schema: {
        tags: ['jobs'],
        operationId: 'exportJob',
        summary: 'The result as JSON, JSON lines, CSV, COCO, YOLO, MOT, WebVTT or annotated video',
        params: jobParams,
        querystring: exportQuery,
        response: {
          200: exportContent(EXPORT_FORMATS),
          202: renderSchema,
          206: exportContent(['mp4']),
          304: unchanged,
          ...problems(404, 413, 416, 422),
        },
      },
    },
    async (request, reply) => {
      const { format, ids, conf, images, zones, wait } = request.query;
      const { event_id } = request.params;
      const call = { ...services(), request, reply, eventId: event_id };
      if (format === 'mp4' && zones === undefined) return sendVideo(call, wait);
      return sendText(call, format, { ids, conf, images, zones });
    },
  );
}

function cancelRoute(server: ApiServer, { services }: ApiContext): void {
  server.delete(
    EXPORT,
    {
      config: { scope: 'write' },
      schema: {
        tags: ['jobs'],
        operationId: 'cancelAnnotatedVideo',
        summary: 'Cancel the render of an annotated video; a finished video is kept',
        params: jobParams,
        querystring: z.object({
          format: described(z.literal('mp4'), 'Only the annotated video is rendered.'),
        }),
        response: { 202: cancellingSchema, ...problems(404) },
      },
    },
    async ({ params: { event_id } }, reply) => {
      void reply.code(202);
      return { cancelling: await services().client.cancelRender(event_id, 'annotated') };
    },
  );
}

/** Request for an export of a job. */
interface ExportCall extends Pick<ApiServices, 'client' | 'objects'> {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly eventId: string;
}

interface TextOptions extends Omit<ExportOptions, 'zones'> {
  /** Name of zones of the video. */
  readonly zones: string | undefined;
}

async function sendText(
  { client, objects, request, reply, eventId }: ExportCall,
  format: ExportFormat,
  { zones: name, ...others }: TextOptions,
): Promise<FastifyReply> {
  const found = await statResult(client, objects, eventId);
  const zones = name === undefined ? undefined : await client.zonesOfJob(eventId, name);
  const options = { ...others, zones };
  // Weak: class names come from the catalogue and can change without the result.
  const choices = [others.ids, others.conf, others.images, zones && sha256(JSON.stringify(zones))];
  const etag = `W/"${[found.etag, format, ...choices].join('-')}"`;
  void reply.headers({ etag, 'cache-control': 'private, no-cache' });
  if (request.headers['if-none-match'] === etag) return reply.code(304).send(Readable.from([]));
  const { mediaType, fileName } = describeExport(format, eventId);
  const stream = await client.exportStream(eventId, format, options);
  void reply.type(mediaType).header('content-disposition', `attachment; filename="${fileName}"`);
  return reply.send(stream);
}

/** Sends the annotated video or a range of it; 202 while it is being rendered. */
async function sendVideo(
  { client, objects, request, reply, eventId }: ExportCall,
  wait: boolean,
): Promise<FastifyReply> {
  await statResult(client, objects, eventId);
  const video = await client.annotatedVideo(eventId, renderOptions(request, { wait }));
  if (video.state === 'ready') {
    const { fileName } = describeExport('mp4', eventId);
    void reply.header('content-disposition', `attachment; filename="${fileName}"`);
  }
  return sendRender(request, reply, objects, video);
}
