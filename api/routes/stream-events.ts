import { BUCKETS } from '../../domain/names.js';
import { type EventFile, eventKey } from '../../domain/stream/event-keys.js';
import type { ApiContext } from '../context.js';
import type { ApiServer } from '../http/api-server.js';
import { ProblemError } from '../http/problem.js';
import { sendObject } from '../http/send-object.js';
import { binary, unchanged } from '../schemas/common.js';
import {
  eventPageSchema,
  eventParams,
  eventsQuery,
  zoneCountsSchema,
} from '../schemas/event-schemas.js';
import { problems } from '../schemas/problem-schema.js';
import { rangeQuery } from '../schemas/stream-log-schemas.js';
import { streamParams } from '../schemas/stream-schemas.js';
import { STREAM } from './paths.js';

const tags = ['streams'];

/** Routes for the events of a scenario. */
export function streamEventRoutes(server: ApiServer, context: ApiContext): void {
  listRoute(server, context);
  countRoute(server, context);
  for (const file of FILES) fileRoute(server, context, file);
}

function listRoute(server: ApiServer, { services }: ApiContext): void {
  server.get(
    `${STREAM}/events`,
    {
      config: { scope: 'read' },
      schema: {
        tags,
        operationId: 'listStreamEvents',
        summary: 'Events of a scenario, the newest first, a page at a time',
        description: 'Events of the rules in `notify`, and passages of the zones and lines.',
        params: streamParams,
        querystring: eventsQuery,
        response: { 200: eventPageSchema, ...problems(404) },
      },
    },
    ({ params, query }) => services().client.streams.events(params.scenario_uuid, query),
  );
}

function countRoute(server: ApiServer, { services }: ApiContext): void {
  server.get(
    `${STREAM}/zones`,
    {
      config: { scope: 'read' },
      schema: {
        tags,
        operationId: 'countStreamPassages',
        summary: 'Passages of the zones and lines of a scenario, by minute',
        description: 'Of at most seven days. Default: the last day.',
        params: streamParams,
        querystring: rangeQuery,
        response: { 200: zoneCountsSchema, ...problems(404) },
      },
    },
    ({ params, query }) => services().client.streams.zones(params.scenario_uuid, query),
  );
}

interface FileRoute {
  readonly name: string;
  readonly file: EventFile;
  readonly contentType: string;
  readonly operationId: string;
  readonly summary: string;
}

const FILES: readonly FileRoute[] = [
  {
    ...{ name: 'clip.mp4', file: 'mp4', contentType: 'video/mp4' },
    ...{ operationId: 'getEventClip', summary: 'The clip of an event, whole or a range' },
  },
  {
    ...{ name: 'snapshot.jpg', file: 'jpg', contentType: 'image/jpeg' },
    ...{ operationId: 'getEventSnapshot', summary: 'The image of the first frame of an event' },
  },
];

function fileRoute(server: ApiServer, { services }: ApiContext, route: FileRoute): void {
  const { name, file, contentType, operationId, summary } = route;
  const body = { content: { [contentType]: { schema: binary('File') } } };
  server.get(
    `${STREAM}/events/:event_id/${name}`,
    {
      config: { scope: 'read' },
      schema: {
        tags,
        operationId,
        summary,
        params: eventParams,
        response: {
          200: { description: 'The file', ...body },
          206: { description: 'A range of its bytes', ...body },
          304: unchanged,
          ...problems(404, 416),
        },
      },
    },
    async (request, reply) => {
      const { scenario_uuid, event_id } = request.params;
      const { objects } = services();
      const place = { bucket: BUCKETS.streams, key: eventKey(scenario_uuid, event_id, file) };
      const found = await objects.stat(place.bucket, place.key);
      if (!found) throw notStored(event_id, name);
      return sendObject(request, reply, objects, { ...place, found, contentType });
    },
  );
}

function notStored(eventId: string, name: string): ProblemError {
  return new ProblemError(
    'event-file-not-stored',
    `The event ${eventId} has no ${name}: the scenario does not record, the clip is not finished, or it was removed.`,
  );
}
