import type { ApiContext } from '../context.js';
import type { ApiServer } from '../http/api-server.js';
import { problems } from '../schemas/problem-schema.js';
import { sightingPageSchema, sightingsQuery } from '../schemas/search-schemas.js';
import { SIGHTINGS } from './paths.js';

/** Route for the search over all videos and cameras. */
export function sightingRoutes(server: ApiServer, { services }: ApiContext): void {
  server.get(
    SIGHTINGS,
    {
      config: { scope: 'read' },
      schema: {
        tags: ['videos'],
        operationId: 'findSightings',
        summary: 'Spans in which a class was detected, over all videos and cameras, newest first',
        querystring: sightingsQuery,
        response: { 200: sightingPageSchema, ...problems() },
      },
    },
    ({ query }) => {
      const { class: className, conf: minConf, video, job, camera, ...page } = query;
      const filter = { className, minConf, videoId: video, eventId: job, scenarioUuid: camera };
      return services().client.findSightings({ ...filter, ...page });
    },
  );
}
