import { z } from 'zod';
import { described } from '../../domain/described.js';
import type { ApiContext } from '../context.js';
import { END_ID, sendEvents, sendJsonLines } from '../http/event-stream.js';
import { acceptHeaders, negotiateFormat, parseLastId, resumeHeaders } from '../http/resume.js';
import { isSkipped, type ResultFrame, type VidetteClient } from '../../client/index.js';
import { jobParams } from '../schemas/job-schemas.js';
import { frameSchema } from '../schemas/result-schemas.js';
import { problems } from '../schemas/problem-schema.js';
import type { ApiServer } from '../http/api-server.js';
import { JOB } from './paths.js';

const tags = ['jobs'];

/** Server-sent event with the progress. */
const progressEvent = z
  .object({
    event: described(z.string(), 'progress, or end for the last event.', 'progress'),
    id: described(z.string(), 'Id of the event.', '3'),
    data: z.string().meta({
      description: 'JSON of the progress; {} in the last event.',
      contentMediaType: 'application/json',
      contentSchema: {
        anyOf: [
          { $ref: '#/components/schemas/JobProgress' },
          { type: 'object', additionalProperties: false },
        ],
      },
      examples: ['{"event_id":"street-1","status":"processing","frames_done":120}'],
    }),
    retry: described(z.int().optional(), 'Milliseconds until a client reconnects.', 2000),
  })
  .meta({ id: 'ProgressEvent', description: 'Server-sent event with the progress of a job.' });

const progressResponse = {
  description: 'Server-sent events',
  content: { 'text/event-stream': { schema: progressEvent } },
};

/** Routes that stream the progress and the frames of a job. */
export function jobEventRoutes(server: ApiServer, context: ApiContext): void {
  progressRoute(server, context);
  predictionsRoute(server, context);
}

function progressRoute(server: ApiServer, { services }: ApiContext): void {
  server.get(
    `${JOB}/events`,
    {
      config: { scope: 'read' },
      // A HEAD request would wait for the end of the job.
      exposeHeadRoute: false,
      schema: {
        tags,
        operationId: 'streamJobProgress',
        summary: 'Progress as server-sent events until the job is closed',
        params: jobParams,
        headers: resumeHeaders,
        response: { 200: progressResponse, 204: noMore, ...problems(404) },
      },
    },
    async ({ params, headers }, reply) => {
      if (headers['last-event-id'] === END_ID) return reply.code(204).send(null);
      const { client } = services();
      await client.job(params.event_id);
      return sendEvents(reply, (signal) => progressEvents(client, params.event_id, signal));
    },
  );
}

async function* progressEvents(client: VidetteClient, eventId: string, signal: AbortSignal) {
  let number = 0;
  let last = '';
  for await (const progress of client.status(eventId, { signal })) {
    const text = JSON.stringify(progress);
    if (text === last) continue;
    last = text;
    yield { event: 'progress', id: String(++number), data: progress };
  }
}

function predictionsRoute(server: ApiServer, { services }: ApiContext): void {
  server.get(
    `${JOB}/predictions`,
    {
      config: { scope: 'read' },
      // A HEAD request would wait for the end of the job.
      exposeHeadRoute: false,
      schema: {
        tags,
        operationId: 'streamJobFrames',
        summary: 'All frames from the first, in order, as they are stored: events or JSON lines',
        params: jobParams,
        headers: acceptHeaders,
        querystring: z.object({
          after: described(
            z.coerce.number().int().min(-1).optional(),
            'Only frames after this one.',
            35,
          ),
        }),
        response: { 200: framesResponse, 204: noMore, ...problems(404, 406) },
      },
    },
    async ({ params, headers, query }, reply) => {
      const last = headers['last-event-id'];
      if (last === END_ID) return reply.code(204).send(null);
      const after = last === undefined ? query.after : parseLastId(last);
      const form = negotiateFormat(headers.accept);
      const { client } = services();
      const frames = (signal: AbortSignal) =>
        client.predictions(params.event_id, { after, signal });
      await client.job(params.event_id);
      return form === 'events'
        ? sendEvents(reply, (signal) => frameEvents(frames(signal)))
        : sendJsonLines(reply, frames);
    },
  );
}

const noMore = z.null().describe('The stream has already ended');

const framesResponse = {
  description: 'Detected frames, and skipped frames with their reason',
  content: {
    'text/event-stream': { schema: frameSchema },
    'application/x-ndjson': { schema: frameSchema },
  },
};

async function* frameEvents(frames: AsyncIterable<ResultFrame>) {
  for await (const frame of frames) {
    const event = isSkipped(frame) ? 'skipped' : 'frame';
    yield { event, id: String(frame.frame), data: frame };
  }
}
