import { z } from 'zod';
import { isSkipped, type TimedSkip, type VidetteClient } from '../../client/index.js';
import { described } from '../../domain/described.js';
import { findResult } from '../../domain/job/job-store.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { ObjectStat, ObjectStore } from '../../domain/ports/object-store.js';
import type { FrameRow } from '../../domain/result/result.js';
import type { ApiContext } from '../context.js';
import { ProblemError } from '../http/problem.js';
import { binary, unchanged } from '../schemas/common.js';
import { jobParams } from '../schemas/job-schemas.js';
import { resultPageSchema, resultSchema, summarySchema } from '../schemas/result-schemas.js';
import { problems } from '../schemas/problem-schema.js';
import { sendObject } from '../http/send-object.js';
import type { ApiServer } from '../http/api-server.js';
import { JOB } from './paths.js';

const tags = ['jobs'];
const LIMIT = 100;
const LIMIT_MAX = 1000;

const spanQuery = z.object({
  from_ms: described(
    z.coerce.number().optional(),
    'Start of the span in milliseconds from the start of the video, inclusive.',
    10_000,
  ),
  to_ms: described(
    z.coerce.number().optional(),
    'End of the span in milliseconds, exclusive.',
    20_000,
  ),
  limit: described(
    z.coerce.number().int().min(1).max(LIMIT_MAX).optional(),
    `Maximum number of frames in the page. Default: ${LIMIT}.`,
    LIMIT,
  ),
  cursor: described(
    z
      .string()
      .regex(/^\d{1,15}$/, 'expected the "next" of the page before')
      .optional(),
    'The `next` of the page before; without it, the first page.',
    '495',
  ),
});

type SpanQuery = z.infer<typeof spanQuery>;

/** Routes for results: whole, by pages of a time span, and summaries. */
export function resultRoutes(server: ApiServer, context: ApiContext): void {
  wholeRoute(server, context);
  summaryRoute(server, context);
}

function wholeRoute(server: ApiServer, { services }: ApiContext): void {
  server.get(
    `${JOB}/result`,
    {
      config: { scope: 'read' },
      schema: {
        tags,
        operationId: 'getResult',
        summary: 'The whole result, or a page of the frames of a time span',
        params: jobParams,
        querystring: spanQuery,
        response: {
          200: resultResponse,
          206: rangeResponse,
          304: unchanged,
          ...problems(404, 416),
        },
      },
    },
    async (request, reply) => {
      const { client, objects } = services();
      const { event_id } = request.params;
      const found = await statResult(client, objects, event_id);
      if (Object.keys(request.query).length > 0) {
        return reply.send(await resultPage(client, event_id, request.query));
      }
      const key = keys.result(event_id);
      const contentType = 'application/json; charset=utf-8';
      const whole = { bucket: BUCKETS.results, key, found, contentType };
      return sendObject(request, reply, objects, whole);
    },
  );
}

const resultResponse = z
  .union([resultPageSchema, resultSchema])
  .describe('The result as it is stored; with query parameters, a page of its frames');

const rangeResponse = {
  description: 'A range of the bytes of the result',
  content: { 'application/json': { schema: binary('Bytes of the result') } },
};

function summaryRoute(server: ApiServer, { services }: ApiContext): void {
  server.get(
    `${JOB}/summary`,
    {
      config: { scope: 'read' },
      schema: {
        tags,
        operationId: 'getSummary',
        summary: 'Counts of a result, without its frames',
        params: jobParams,
        response: { 200: summarySchema, ...problems(404) },
      },
    },
    async ({ params: { event_id } }) => {
      const { client, objects } = services();
      await statResult(client, objects, event_id);
      return (await client.resultOverview(event_id))!; // statResult has found it
    },
  );
}

/** @throws ProblemError `no-result`, AppError `JOB_NOT_FOUND`. */
export async function statResult(
  client: VidetteClient,
  objects: ObjectStore,
  eventId: string,
): Promise<ObjectStat> {
  const found = await findResult(objects, eventId);
  if (found) return found;
  const { status } = await client.job(eventId);
  throw new ProblemError(
    'no-result',
    `Job ${eventId} is ${status} and has no result${status === 'failed' ? '' : ' yet'}.`,
  );
}

/** Streams the frames and keeps those of one page; a cursor is the last frame of the page before. */
async function resultPage(
  client: VidetteClient,
  eventId: string,
  { from_ms = -Infinity, to_ms = Infinity, limit = LIMIT, cursor }: SpanQuery,
): Promise<z.infer<typeof resultPageSchema>> {
  const after = cursor === undefined ? -1 : Number(cursor);
  const kept: (FrameRow | TimedSkip)[] = [];
  let next: string | null = null;
  for await (const frame of client.framesByTime(eventId)) {
    if (frame.timestamp_ms >= to_ms) break;
    if (frame.timestamp_ms < from_ms || frame.frame <= after) continue;
    if (kept.length === limit) {
      next = String(kept.at(-1)!.frame);
      break;
    }
    kept.push(frame);
  }
  const skipped = kept.filter((frame) => isSkipped(frame));
  const frames = kept.filter((frame) => 'objects' in frame);
  return { event_id: eventId, frames, skipped, next };
}
