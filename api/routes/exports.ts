import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ExportOptions } from '../../domain/export/export-source.js';
import { describeExport, EXPORT_FORMATS, type ExportFormat } from '../../domain/export/formats.js';
import { BUCKETS, isId, keys } from '../../domain/names.js';
import type { ApiContext, Services } from '../context.js';
import { ProblemError } from '../problem.js';
import { problems } from '../schemas/problem-schema.js';
import { sendObject } from '../send-object.js';
import type { ApiServer } from '../server.js';

const flag = z.stringbool();
/** The longest that an answer is waited for, in milliseconds. */
const WAIT_MS = 60_000;
const RETRY_AFTER_S = 2;

const exportQuery = z.object({
  format: z.enum(EXPORT_FORMATS).default('json'),
  /** Numbers of the categories of a COCO export. */
  ids: z.enum(['model', 'coco91']).default('model'),
  /** Whether lines of a YOLO export end with the confidence. */
  conf: flag.default(false),
  /** Whether the answer is waited for, up to a minute, while the video is made. */
  wait: flag.default(false),
});
const makingSchema = z.object({
  state: z.literal('making'),
  frames_done: z.int(),
  frames_total: z.int(),
});
const jobParams = z.object({ event_id: z.string().refine(isId, 'expected the id of a job') });

/** A result in the form in which other tools read it. */
export function exportRoutes(server: ApiServer, { services }: ApiContext): void {
  server.get(
    '/api/v1/jobs/:event_id/export',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['jobs'],
        summary: 'The result as JSON, JSON lines, CSV, COCO, YOLO, MOT, WebVTT or annotated video',
        params: jobParams,
        querystring: exportQuery,
        response: {
          200: contentOf(EXPORT_FORMATS),
          202: makingSchema.describe('The video is being made; ask again'),
          206: contentOf(['mp4']),
          ...problems(404, 416, 422),
        },
      },
    },
    async (request, reply) => {
      const { format, ids, conf, wait } = request.query;
      const { event_id } = request.params;
      if (format === 'mp4') return sendVideo(services(), request, reply, { event_id, wait });
      return sendText(services(), request, reply, event_id, format, { ids, conf });
    },
  );
}

/** What the answer is, by the media types of the formats. */
function contentOf(formats: readonly ExportFormat[]) {
  const types = new Set(formats.map((format) => describeExport(format, '').mediaType));
  const schema = z.any().describe('The file, as a stream');
  return {
    description: 'The export',
    content: Object.fromEntries([...types].map((type) => [type, { schema }])),
  };
}

async function sendText(
  { client, objects }: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  eventId: string,
  format: ExportFormat,
  options: ExportOptions,
): Promise<FastifyReply> {
  const found = await objects.stat(BUCKETS.results, keys.result(eventId));
  if (!found) throw await noResult(client, eventId);
  // Weak: the names of classes come from the catalogue, and may change without the result.
  const etag = `W/"${found.etag}-${format}-${options.ids}-${options.conf}"`;
  void reply.headers({ etag, 'cache-control': 'private, no-cache' });
  if (request.headers['if-none-match'] === etag) return reply.code(304).send(null);
  const { mediaType, fileName } = describeExport(format, eventId);
  const stream = await client.exportStream(eventId, format, options);
  void reply.type(mediaType).header('content-disposition', `attachment; filename="${fileName}"`);
  return reply.send(stream);
}

/** The annotated video, in whole or a range of it; 202 while it is made. */
async function sendVideo(
  { client, objects }: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  { event_id, wait }: { readonly event_id: string; readonly wait: boolean },
): Promise<FastifyReply> {
  const isThere = await objects.stat(BUCKETS.results, keys.result(event_id));
  if (!isThere) throw await noResult(client, event_id);
  const timeoutMs = wait ? WAIT_MS : 0;
  const video = await client.annotatedVideo(event_id, { timeoutMs, signal: request.signal });
  if (video.state === 'making') {
    void reply.code(202).headers({ location: request.url, 'retry-after': RETRY_AFTER_S });
    return reply.send(video);
  }
  const { fileName } = describeExport('mp4', event_id);
  void reply.header('content-disposition', `attachment; filename="${fileName}"`);
  return sendObject(request, reply, objects, video);
}

/** A job that is not known, or one that has nothing to export (yet). */
async function noResult(client: Services['client'], eventId: string): Promise<ProblemError> {
  const { status } = await client.job(eventId);
  return new ProblemError(
    'no-result',
    `Job ${eventId} is ${status} and has no result${status === 'failed' ? '' : ' (yet)'}.`,
  );
}
