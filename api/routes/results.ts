import { z } from 'zod';
import { isSkipped, type TimedSkip, type VidetteClient } from '../../client/index.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { ObjectStat, ObjectStore } from '../../domain/ports/object-store.js';
import type { FrameRow } from '../../domain/result/result.js';
import type { ApiContext } from '../context.js';
import { ProblemError } from '../http/problem.js';
import {
  frameRowSchema,
  jobParams,
  summarySchema,
  timedSkipSchema,
} from '../schemas/job-schemas.js';
import { problems } from '../schemas/problem-schema.js';
import { sendObject } from '../http/send-object.js';
import type { ApiServer } from '../http/api-server.js';
import { JOB } from './paths.js';

const tags = ['jobs'];
const LIMIT = 100;
const LIMIT_MAX = 1000;

const pageQuery = z.object({
  /** Start of the span in milliseconds from the start of the video, inclusive. */
  from_ms: z.coerce.number().optional(),
  /** End of the span in milliseconds, exclusive. */
  to_ms: z.coerce.number().optional(),
  limit: z.coerce.number().int().min(1).max(LIMIT_MAX).optional(),
  /** Counts from 1. */
  page: z.coerce.number().int().min(1).max(10_000_000).optional(),
});

type PageQuery = z.infer<typeof pageQuery>;

const pageSchema = z.object({
  event_id: z.string(),
  page: z.int(),
  rows: z.array(frameRowSchema),
  /** Skipped frames of the same page. */
  skipped: z.array(timedSkipSchema),
  next_page: z.int().nullable(),
});

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
        summary: 'The whole result, or a page of the frames of a time span',
        params: jobParams,
        querystring: pageQuery,
        response: { 200: resultResponse, 206: z.any(), 304: z.null(), ...problems(404, 416) },
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

const resultResponse = z.union([pageSchema, z.looseObject({ event_id: z.string() })]);

function summaryRoute(server: ApiServer, { services }: ApiContext): void {
  server.get(
    `${JOB}/summary`,
    {
      config: { scope: 'read' },
      schema: {
        tags,
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
  const found = await objects.stat(BUCKETS.results, keys.result(eventId));
  if (found) return found;
  const { status } = await client.job(eventId);
  throw new ProblemError(
    'no-result',
    `Job ${eventId} is ${status} and has no result${status === 'failed' ? '' : ' yet'}.`,
  );
}

/** Streams the frames and keeps those of one page. */
async function resultPage(
  client: VidetteClient,
  eventId: string,
  { from_ms = -Infinity, to_ms = Infinity, limit = LIMIT, page = 1 }: PageQuery,
): Promise<z.infer<typeof pageSchema>> {
  const kept: (FrameRow | TimedSkip)[] = [];
  let passed = 0;
  let next_page: number | null = null;
  for await (const frame of client.framesByTime(eventId)) {
    if (frame.timestamp_ms >= to_ms) break;
    if (frame.timestamp_ms < from_ms || ++passed <= (page - 1) * limit) continue;
    if (kept.length === limit) {
      next_page = page + 1;
      break;
    }
    kept.push(frame);
  }
  const skipped = kept.filter((frame) => isSkipped(frame));
  const rows = kept.filter((frame) => 'objects' in frame);
  return { event_id: eventId, page, rows, skipped, next_page };
}
