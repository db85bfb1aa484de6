import type { ApiContext } from '../context.js';
import type { ApiServer } from '../http/api-server.js';
import {
  aliasesSchema,
  aliasHistoryQuery,
  aliasHistorySchema,
  aliasMoveSchema,
  aliasParams,
  aliasSchema,
  modelParams,
  rollbackSchema,
} from '../schemas/alias-schemas.js';
import { problems } from '../schemas/problem-schema.js';
import { userOf } from '../security/caller.js';
import { MODEL } from './paths.js';

const tags = ['models'];
const ERROR_STATUSES = [404, 409, 422, 503] as const;

/** Routes for the aliases of models and their history. */
export function modelAliasRoutes(server: ApiServer, context: ApiContext): void {
  readRoutes(server, context);
  setRoute(server, context);
  promoteRoute(server, context);
  rollbackRoute(server, context);
}

function readRoutes(server: ApiServer, { services }: ApiContext): void {
  server.get(
    `${MODEL}/aliases`,
    {
      config: { scope: 'read' },
      schema: {
        tags,
        operationId: 'listModelAliases',
        summary: 'Aliases of a model',
        params: modelParams,
        response: { 200: aliasesSchema, ...problems(404) },
      },
    },
    async ({ params }) => ({ aliases: await services().client.models.aliases(params.name) }),
  );
  server.get(
    `${MODEL}/history`,
    {
      config: { scope: 'read' },
      schema: {
        tags,
        operationId: 'listModelHistory',
        summary: 'Changes of the aliases of a model, newest first, a page at a time',
        params: modelParams,
        querystring: aliasHistoryQuery,
        response: { 200: aliasHistorySchema, ...problems(404) },
      },
    },
    ({ params, query }) => services().client.models.history(params.name, query),
  );
}

function setRoute(server: ApiServer, { services }: ApiContext): void {
  server.put(
    `${MODEL}/aliases/:alias`,
    {
      config: { scope: 'write' },
      schema: {
        tags,
        operationId: 'setModelAlias',
        summary: 'Create or move an alias, after the version has run once',
        params: aliasParams,
        body: aliasMoveSchema,
        response: { 200: aliasSchema, ...problems(...ERROR_STATUSES) },
      },
    },
    (request) => {
      const { name, alias } = request.params;
      const move = { ...request.body, by: userOf(request) };
      return services().client.models.setAlias(name, alias, move);
    },
  );
}

function promoteRoute(server: ApiServer, { services }: ApiContext): void {
  server.post(
    `${MODEL}/promote`,
    {
      config: { scope: 'write' },
      schema: {
        tags,
        operationId: 'promoteModel',
        summary: 'Make a version the champion, after it has run once',
        params: modelParams,
        body: aliasMoveSchema,
        response: { 200: aliasSchema, ...problems(...ERROR_STATUSES) },
      },
    },
    (request) => {
      const move = { ...request.body, by: userOf(request) };
      return services().client.models.promote(request.params.name, move);
    },
  );
}

function rollbackRoute(server: ApiServer, { services }: ApiContext): void {
  server.post(
    `${MODEL}/rollback`,
    {
      config: { scope: 'write' },
      schema: {
        tags,
        operationId: 'rollBackModel',
        summary: 'Make the previous champion the champion again',
        params: modelParams,
        body: rollbackSchema,
        response: { 200: aliasSchema, ...problems(...ERROR_STATUSES) },
      },
    },
    (request) => {
      const options = { ...request.body, by: userOf(request) };
      return services().client.models.rollback(request.params.name, options);
    },
  );
}
