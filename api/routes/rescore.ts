import { rescoreRequestSchema } from '../../domain/rescore/rescore-request.js';
import type { ApiContext } from '../context.js';
import type { ApiServer } from '../http/api-server.js';
import { sendJsonLines } from '../http/event-stream.js';
import { problems } from '../schemas/problem-schema.js';
import {
  cancelledRescoringSchema,
  casesQuery,
  casesResponse,
  deletedRescoringSchema,
  rescoreParams,
  rescoringSchema,
  rescoringsSchema,
  startedRescoringSchema,
} from '../schemas/rescore-schemas.js';
import { RESCORING, RESCORINGS } from './paths.js';

const tags = ['models'];

/** Routes for rescorings: another model over what a model has predicted already. */
export function rescoreRoutes(server: ApiServer, context: ApiContext): void {
  startRoute(server, context);
  readRoutes(server, context);
  casesRoute(server, context);
  cancelRoute(server, context);
  deleteRoute(server, context);
}

function startRoute(server: ApiServer, { services }: ApiContext): void {
  server.post(
    RESCORINGS,
    {
      config: { scope: 'write' },
      schema: {
        tags,
        operationId: 'startRescoring',
        summary: 'Run another model over past predictions; the same request continues',
        body: rescoreRequestSchema,
        response: { 202: startedRescoringSchema, ...problems(404, 409) },
      },
    },
    async ({ body }, reply) => {
      const started = await services().client.rescorings.start(body);
      void reply.code(202).header('location', `${RESCORINGS}/${started.rescore_id}`);
      return started;
    },
  );
}

function readRoutes(server: ApiServer, { services }: ApiContext): void {
  server.get(
    RESCORINGS,
    {
      config: { scope: 'read' },
      schema: {
        tags,
        operationId: 'listRescorings',
        summary: 'All rescorings, the newest first',
        response: { 200: rescoringsSchema, ...problems() },
      },
    },
    async () => ({ rescorings: await services().client.rescorings.list() }),
  );
  server.get(
    RESCORING,
    {
      config: { scope: 'read' },
      schema: {
        tags,
        operationId: 'getRescoring',
        summary: 'A rescoring with its report',
        params: rescoreParams,
        response: { 200: rescoringSchema, ...problems(404) },
      },
    },
    ({ params }) => services().client.rescorings.get(params.rescore_id),
  );
}

function casesRoute(server: ApiServer, { services }: ApiContext): void {
  server.get(
    `${RESCORING}/cases`,
    {
      config: { scope: 'read' },
      // A HEAD request would read all cases.
      exposeHeadRoute: false,
      schema: {
        tags,
        operationId: 'listRescoreCases',
        summary: 'The images and frames for which the models differ, as JSON lines',
        params: rescoreParams,
        querystring: casesQuery,
        response: { 200: casesResponse, ...problems(404) },
      },
    },
    async ({ params, query }, reply) => {
      const cases = await services().client.rescorings.cases(params.rescore_id, query.order);
      return sendJsonLines(reply, () => cases);
    },
  );
}

function cancelRoute(server: ApiServer, { services }: ApiContext): void {
  server.post(
    `${RESCORING}/cancel`,
    {
      config: { scope: 'write' },
      schema: {
        tags,
        operationId: 'cancelRescoring',
        summary: 'Cancel a rescoring and its batches; what is stored remains',
        params: rescoreParams,
        response: { 202: cancelledRescoringSchema, ...problems(404) },
      },
    },
    async ({ params }, reply) => {
      void reply.code(202);
      return { cancelling: await services().client.rescorings.cancel(params.rescore_id) };
    },
  );
}

function deleteRoute(server: ApiServer, { services }: ApiContext): void {
  server.delete(
    RESCORING,
    {
      config: { scope: 'write' },
      schema: {
        tags,
        operationId: 'deleteRescoring',
        summary:
          'Delete a rescoring with its list, cases, report and batches; a running one is cancelled',
        params: rescoreParams,
        response: { 200: deletedRescoringSchema, ...problems(404) },
      },
    },
    ({ params }) => services().client.rescorings.delete(params.rescore_id),
  );
}
