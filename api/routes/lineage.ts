import { lineageQueryOf } from '../../client/index.js';
import type { ApiContext } from '../context.js';
import type { ApiServer } from '../http/api-server.js';
import {
  lineageQuery,
  modelLineageSchema,
  modelVersionParams,
  usesSchema,
} from '../schemas/lineage-schemas.js';
import { problems } from '../schemas/problem-schema.js';
import { MODEL } from './paths.js';

const tags = ['models'];

/** Routes for what models and data sets were made from. */
export function lineageRoutes(server: ApiServer, { services }: ApiContext): void {
  server.get(
    `${MODEL}/versions/:version/lineage`,
    {
      config: { scope: 'read' },
      schema: {
        tags,
        operationId: 'getModelLineage',
        summary: 'Retrainings, data sets, people and jobs that made a version, and its descendants',
        params: modelVersionParams,
        response: { 200: modelLineageSchema, ...problems(404) },
      },
    },
    ({ params }) => services().client.lineage.ofModel(params.name, params.version),
  );
  server.get(
    '/api/v1/lineage',
    {
      config: { scope: 'read' },
      // A HEAD request would read all data sets.
      exposeHeadRoute: false,
      schema: {
        tags,
        operationId: 'findUses',
        summary: 'Data sets with an image or a job, and the models that were trained with them',
        querystring: lineageQuery,
        response: { 200: usesSchema, ...problems() },
      },
    },
    async ({ query }) => ({ uses: await services().client.lineage.uses(lineageQueryOf(query)) }),
  );
}
