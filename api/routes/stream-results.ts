import { z } from 'zod';
import { isGap, type LogEntry } from '../../client/index.js';
import { AppError } from '../../domain/errors.js';
import { toStreamRow } from '../../domain/stream/row.js';
import type { ApiContext } from '../context.js';
import type { ApiServer } from '../http/api-server.js';
import { END_ID, sendEvents, sendJsonLines } from '../http/event-stream.js';
import { acceptHeaders, negotiateFormat, parseLastId } from '../http/resume.js';
import { problems } from '../schemas/problem-schema.js';
import {
  accountSchema,
  entriesResponse,
  rangeQuery,
  resultsQuery,
  timelineQuery,
  timelineSchema,
} from '../schemas/stream-log-schemas.js';
import { streamParams } from '../schemas/stream-schemas.js';
import { STREAM } from './paths.js';

const tags = ['streams'];
const DAY_MS = 86_400_000;

/** Routes that read the log of a scenario. */
export function streamResultRoutes(server: ApiServer, context: ApiContext): void {
  resultsRoute(server, context);
  accountRoute(server, context);
  timelineRoute(server, context);
}

function resultsRoute(server: ApiServer, { services }: ApiContext): void {
  server.get(
    `${STREAM}/results`,
    {
      config: { scope: 'read' },
      // A HEAD request would wait for the end of the scenario.
      exposeHeadRoute: false,
      schema: {
        tags,
        operationId: 'streamResults',
        summary: 'Rows of a scenario, each once and in order: events or JSON lines',
        description:
          'The id of an event is the frame_number of its row; a gap has that of the row before.',
        params: streamParams,
        headers: acceptHeaders,
        querystring: resultsQuery,
        response: {
          200: entriesResponse,
          204: z.null().describe('The stream has already ended'),
          ...problems(404, 406),
        },
      },
    },
    async ({ params: { scenario_uuid }, headers, query }, reply) => {
      const last = headers['last-event-id'];
      if (last === END_ID) return reply.code(204).send(null);
      if (query.from_end && !query.follow) throw needsFollow();
      const form = negotiateFormat(headers.accept);
      const { streams } = services().client;
      await streams.get(scenario_uuid);
      const position =
        last === undefined
          ? { after: query.after, fromEnd: query.from_end }
          : { after: parseLastId(last) };
      const { from, to, follow } = query;
      const entries = (signal: AbortSignal) =>
        selectEntries(
          streams.results(scenario_uuid, { ...position, from, to, follow, signal }),
          query,
        );
      return form === 'events'
        ? sendEvents(reply, (signal) => entryEvents(entries(signal), position.after))
        : sendJsonLines(reply, entries);
    },
  );
}

function needsFollow(): AppError {
  return new AppError('INVALID_INPUT', 'from_end leaves out all stored rows: add follow=1.');
}

/** Yields entries as they are sent. */
async function* selectEntries(
  entries: AsyncIterable<LogEntry>,
  { gaps, details }: { readonly gaps: boolean; readonly details: boolean },
): AsyncGenerator<LogEntry> {
  for await (const entry of entries) {
    if (!isGap(entry)) yield toStreamRow(entry, details);
    else if (gaps) yield entry;
  }
}

/** @param after number of the row before the first entry. */
async function* entryEvents(entries: AsyncIterable<LogEntry>, after = 0) {
  let number = after;
  for await (const entry of entries) {
    if (!isGap(entry)) number = entry.frame_number;
    yield { event: isGap(entry) ? 'gap' : 'row', id: String(number), data: entry };
  }
}

function accountRoute(server: ApiServer, { services }: ApiContext): void {
  server.get(
    `${STREAM}/account`,
    {
      config: { scope: 'read' },
      exposeHeadRoute: false,
      schema: {
        tags,
        operationId: 'getStreamAccount',
        summary: 'Seconds that were seen, and gaps by their reason; default: the last 24 hours',
        params: streamParams,
        querystring: rangeQuery,
        response: { 200: accountSchema, ...problems(404) },
      },
    },
    ({ params, query: { from, to } }) => {
      const start = from ?? new Date((to?.getTime() ?? Date.now()) - DAY_MS);
      return services().client.streams.account(params.scenario_uuid, { from: start, to });
    },
  );
}

function timelineRoute(server: ApiServer, { services }: ApiContext): void {
  server.get(
    `${STREAM}/timeline`,
    {
      config: { scope: 'read' },
      exposeHeadRoute: false,
      schema: {
        tags,
        operationId: 'getStreamTimeline',
        summary: 'How much of each part of a span was seen; default: today in UTC',
        params: streamParams,
        querystring: timelineQuery,
        response: { 200: timelineSchema, ...problems(404) },
      },
    },
    ({ params, query: { to = new Date(), from, step_s } }) => {
      const start = from ?? new Date(Math.floor(Number(to) / DAY_MS) * DAY_MS);
      return services().client.streams.timeline(params.scenario_uuid, { from: start, to, step_s });
    },
  );
}
