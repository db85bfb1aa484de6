import { decisionSchema, retrainOptionsSchema } from '../../domain/retrain/retrain-request.js';
import type { ApiContext } from '../context.js';
import type { ApiServer } from '../http/api-server.js';
import { modelParams } from '../schemas/alias-schemas.js';
import { problems } from '../schemas/problem-schema.js';
import {
  retrainingSchema,
  retrainingsQuery,
  retrainingsSchema,
  startedRetrainingSchema,
} from '../schemas/retrain-schemas.js';
import { userOf } from '../security/caller.js';
import { MODEL, RETRAININGS } from './paths.js';

const tags = ['models'];
const RETRAIN = `${MODEL}/retrain`;

/** Routes for the retraining of models. */
export function retrainRoutes(server: ApiServer, { services }: ApiContext): void {
  server.post(
    RETRAIN,
    {
      config: { scope: 'write' },
      schema: {
        tags,
        operationId: 'startRetraining',
        summary: 'Train a model further on a data set, unless one of the model is running',
        params: modelParams,
        body: retrainOptionsSchema,
        response: { 202: startedRetrainingSchema, ...problems(404) },
      },
    },
    async (request, reply) => {
      const { name } = request.params;
      const { retrainings } = services().client;
      const started = await retrainings.start(name, request.body, userOf(request));
      void reply.code(202).header('location', RETRAIN.replace(':name', name));
      return started;
    },
  );
  server.get(
    RETRAIN,
    {
      config: { scope: 'read' },
      schema: {
        tags,
        operationId: 'getRetraining',
        summary: 'State of the newest retraining of a model',
        params: modelParams,
        response: { 200: retrainingSchema, ...problems(404) },
      },
    },
    ({ params }) => services().client.retrainings.get(params.name),
  );
  server.get(
    RETRAININGS,
    {
      config: { scope: 'read' },
      schema: {
        tags,
        operationId: 'listRetrainings',
        summary: 'The newest retraining of each model, or those of one model or one data set',
        querystring: retrainingsQuery,
        response: { 200: retrainingsSchema, ...problems() },
      },
    },
    async ({ query }) => ({ retrainings: await services().client.retrainings.list(query) }),
  );
  server.post(
    `${RETRAIN}/decision`,
    {
      config: { scope: 'write' },
      schema: {
        tags,
        operationId: 'decideRetraining',
        summary: 'Promote or reject the challenger of a retraining that waits for a decision',
        params: modelParams,
        body: decisionSchema,
        response: { 200: retrainingSchema, ...problems(404, 409) },
      },
    },
    (request) => {
      const decision = { ...request.body, by: userOf(request) };
      return services().client.retrainings.decide(request.params.name, decision);
    },
  );
}
