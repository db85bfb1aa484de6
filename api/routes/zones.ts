import type { ApiContext } from '../context.js';
import type { ApiServer } from '../http/api-server.js';
import { jobParams } from '../schemas/job-schemas.js';
import { problems } from '../schemas/problem-schema.js';
import { zoneReportSchema, zonesRequest } from '../schemas/zone-schemas.js';
import { JOB } from './paths.js';

/** Route for what the tracks of a job did at zones and lines. */
export function zoneRoutes(server: ApiServer, { services }: ApiContext): void {
  server.post(
    `${JOB}/zones`,
    {
      config: { scope: 'read' },
      schema: {
        tags: ['jobs'],
        operationId: 'reportZones',
        summary: 'What the tracks of a job did at zones and lines',
        description: 'Reads the result of a job with `tracking`; nothing is detected or stored.',
        params: jobParams,
        body: zonesRequest,
        response: { 200: zoneReportSchema, ...problems(404) },
      },
    },
    ({ params, body }) => services().client.zones(params.event_id, body.zones),
  );
}
