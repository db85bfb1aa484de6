import {
  experimentDecisionSchema,
  experimentRequestSchema,
} from '../../domain/experiment/experiment-request.js';
import type { ApiContext } from '../context.js';
import type { ApiServer } from '../http/api-server.js';
import { pageQuery } from '../schemas/common.js';
import {
  experimentDetailsSchema,
  experimentPageSchema,
  experimentParams,
  experimentSchema,
  viewDetails,
  viewExperiment,
} from '../schemas/experiment-schemas.js';
import { problems } from '../schemas/problem-schema.js';
import { userOf } from '../security/caller.js';
import { EXPERIMENT, EXPERIMENTS } from './paths.js';

const tags = ['models'];

/** Routes for experiments, which compare two versions of a model on the predictions of images. */
export function experimentRoutes(server: ApiServer, context: ApiContext): void {
  startRoute(server, context);
  readRoutes(server, context);
  endRoutes(server, context);
}

function startRoute(server: ApiServer, { services }: ApiContext): void {
  server.post(
    EXPERIMENTS,
    {
      config: { scope: 'write' },
      schema: {
        tags,
        operationId: 'startExperiment',
        summary: 'Compare another version with the one in use, after it has run once',
        body: experimentRequestSchema,
        response: { 201: experimentSchema, ...problems(400, 404, 409, 422, 503) },
      },
    },
    async (request, reply) => {
      const { experiments } = services().client;
      const started = await experiments.start(request.body, userOf(request));
      void reply
        .code(201)
        .header('location', EXPERIMENT.replace(':experiment_id', started.experiment_id));
      return viewExperiment(started);
    },
  );
}

function readRoutes(server: ApiServer, { services }: ApiContext): void {
  server.get(
    EXPERIMENTS,
    {
      config: { scope: 'read' },
      schema: {
        tags,
        operationId: 'listExperiments',
        summary: 'Experiments, newest first, a page at a time',
        querystring: pageQuery(),
        response: { 200: experimentPageSchema, ...problems(400, 503) },
      },
    },
    async ({ query }) => {
      const { experiments, next } = await services().client.experiments.list(query);
      return { experiments: experiments.map(viewExperiment), next };
    },
  );
  server.get(
    EXPERIMENT,
    {
      config: { scope: 'read' },
      schema: {
        tags,
        operationId: 'getExperiment',
        summary: 'An experiment with its figures and its evidence',
        params: experimentParams,
        response: { 200: experimentDetailsSchema, ...problems(404, 503) },
      },
    },
    async ({ params }) =>
      viewDetails(await services().client.experiments.get(params.experiment_id)),
  );
}

function endRoutes(server: ApiServer, { services }: ApiContext): void {
  server.post(
    `${EXPERIMENT}/stop`,
    {
      config: { scope: 'write' },
      schema: {
        tags,
        operationId: 'stopExperiment',
        summary: 'Stop an experiment, which can be decided afterwards',
        params: experimentParams,
        response: { 200: experimentDetailsSchema, ...problems(404, 409, 503) },
      },
    },
    async ({ params }) =>
      viewDetails(await services().client.experiments.stop(params.experiment_id)),
  );
  server.post(
    `${EXPERIMENT}/decision`,
    {
      config: { scope: 'write' },
      schema: {
        tags,
        operationId: 'decideExperiment',
        summary: 'End an experiment: promote the challenger, or keep the champion',
        params: experimentParams,
        body: experimentDecisionSchema,
        response: { 200: experimentDetailsSchema, ...problems(400, 404, 409, 422, 503) },
      },
    },
    async (request) => {
      const choice = { ...request.body, by: userOf(request) };
      const { experiments } = services().client;
      return viewDetails(await experiments.decide(request.params.experiment_id, choice));
    },
  );
}
