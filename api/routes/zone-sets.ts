import { z } from 'zod';
import type { ApiContext } from '../context.js';
import type { ApiServer } from '../http/api-server.js';
import { problems } from '../schemas/problem-schema.js';
import {
  zoneSetParams,
  zoneSetSchema,
  zoneSetsParams,
  zoneSetsQuery,
  zoneSetsSchema,
  zonesRequest,
} from '../schemas/zone-schemas.js';
import { ZONE_SETS } from './paths.js';

const ZONE_SET = `${ZONE_SETS}/:name`;
const tags = ['videos'];

/** Routes for the named zones of a video. */
export function zoneSetRoutes(server: ApiServer, context: ApiContext): void {
  readRoutes(server, context);
  writeRoutes(server, context);
}

function readRoutes(server: ApiServer, { services }: ApiContext): void {
  server.get(
    ZONE_SETS,
    {
      config: { scope: 'read' },
      schema: {
        tags,
        operationId: 'listZoneSets',
        summary: 'The named zones and lines of a video, which apply to all of its jobs',
        params: zoneSetsParams,
        querystring: zoneSetsQuery,
        response: { 200: zoneSetsSchema, ...problems(404) },
      },
    },
    async ({ params: { video_id }, query }) => ({
      sets: await services().client.zoneSets.list(video_id, query),
    }),
  );
  server.get(
    ZONE_SET,
    {
      config: { scope: 'read' },
      schema: {
        tags,
        operationId: 'getZoneSet',
        summary: 'The zones and lines that a video has under a name',
        params: zoneSetParams,
        querystring: zoneSetsQuery,
        response: { 200: zoneSetSchema, ...problems(404) },
      },
    },
    ({ params: { video_id, name }, query }) =>
      services().client.zoneSets.get(video_id, name, query),
  );
}

function writeRoutes(server: ApiServer, { services }: ApiContext): void {
  server.put(
    ZONE_SET,
    {
      config: { scope: 'write' },
      schema: {
        tags,
        operationId: 'putZoneSet',
        summary: 'Store zones and lines of a video under a name',
        description:
          'They apply to all jobs of the video, also to later ones, and are deleted with it. They replace those that the name had; the same zones again change nothing.',
        params: zoneSetParams,
        querystring: zoneSetsQuery,
        body: zonesRequest,
        response: { 200: zoneSetSchema, ...problems(404) },
      },
    },
    ({ params: { video_id, name }, query, body }) =>
      services().client.zoneSets.put(video_id, name, body.zones, query),
  );
  server.delete(
    ZONE_SET,
    {
      config: { scope: 'write' },
      schema: {
        tags,
        operationId: 'deleteZoneSet',
        summary: 'Delete the zones that a video has under a name, if it has any',
        params: zoneSetParams,
        querystring: zoneSetsQuery,
        response: { 204: z.null().describe('The video has no zones of this name.'), ...problems() },
      },
    },
    async ({ params: { video_id, name }, query }, reply) => {
      await services().client.zoneSets.remove(video_id, name, query);
      return reply.code(204).send(null);
    },
  );
}
