import { Readable } from 'node:stream';
import { zoneEventsCsv, zoneMinutesCsv } from '../../domain/export/zone-csv.js';
import type { ApiContext } from '../context.js';
import type { ApiServer } from '../http/api-server.js';
import { binary } from '../schemas/common.js';
import { jobParams } from '../schemas/job-schemas.js';
import { problems } from '../schemas/problem-schema.js';
import { zoneReportQuery, zoneReportSchema, zonesRequest } from '../schemas/zone-schemas.js';
import { JOB } from './paths.js';

const ZONES = `${JOB}/zones`;
const CSV = 'text/csv; charset=utf-8';
const TABLES = { 'events-csv': zoneEventsCsv, 'minutes-csv': zoneMinutesCsv } as const;

/** Routes for what the tracks of a job did at zones and lines. */
export function zoneRoutes(server: ApiServer, context: ApiContext): void {
  givenZonesRoute(server, context);
  storedZonesRoute(server, context);
}

function givenZonesRoute(server: ApiServer, { services }: ApiContext): void {
  server.post(
    ZONES,
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

function storedZonesRoute(server: ApiServer, { services }: ApiContext): void {
  server.get(
    ZONES,
    {
      config: { scope: 'read' },
      schema: {
        tags: ['jobs'],
        operationId: 'reportStoredZones',
        summary: 'What the tracks of a job did at the stored zones and lines of its video',
        description: 'As `POST`, with the zones that the video of the job has under a name.',
        params: jobParams,
        querystring: zoneReportQuery,
        response: {
          200: {
            description: 'The report, or a table of it.',
            content: {
              'application/json': { schema: zoneReportSchema },
              [CSV]: { schema: binary('The table') },
            },
          },
          ...problems(404),
        },
      },
    },
    async ({ params: { event_id }, query: { name, format } }, reply) => {
      const report = await services().client.zones(event_id, name);
      if (format === 'json') return report;
      const fileName = `${event_id}.${name}.${format.replace('-csv', '.csv')}`;
      void reply.header('content-disposition', `attachment; filename="${fileName}"`);
      return reply.type(CSV).send(Readable.from([TABLES[format](report)]));
    },
  );
}
