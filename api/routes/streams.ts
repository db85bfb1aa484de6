import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Streams } from '../../client/index.js';
import type { ApiContext } from '../context.js';
import type { ApiServer } from '../http/api-server.js';
import { pageQuery } from '../schemas/common.js';
import { problems } from '../schemas/problem-schema.js';
import {
  changeSchema,
  deployedSchema,
  deploySchema,
  streamPageSchema,
  streamParams,
  streamSchema,
} from '../schemas/stream-schemas.js';
import { expectScope } from '../security/authenticate.js';
import type { JobRequest } from '../../domain/job/job-input.js';
import { checkWebhook, checkWebhooks } from '../webhook.js';
import { STREAM, STREAMS } from './paths.js';

const tags = ['streams'];

/** Routes for scenarios: cameras in which objects are detected. */
export function streamRoutes(server: ApiServer, context: ApiContext): void {
  deployRoute(server, context);
  readRoutes(server, context);
  changeRoute(server, context);
  deleteRoute(server, context);
  for (const action of ACTIONS) controlRoute(server, context, action);
}

/** Requests to webhooks and cameras that a scenario would send. */
interface Outgoing {
  readonly camera_url?: string | undefined;
  readonly notify?: readonly { readonly url?: string | undefined }[] | undefined;
  readonly alerts?: JobRequest['alerts'] | null;
}

/** Checks what only some keys may request, and the webhooks. */
function checkOutgoing(
  request: Pick<FastifyRequest, 'caller'>,
  { config }: ApiContext,
  { camera_url, notify = [], alerts }: Outgoing,
): void {
  if (camera_url !== undefined && request.caller) expectScope(request.caller, 'cameras');
  for (const { url } of notify) if (url !== undefined) checkWebhook({ url }, config);
  checkWebhooks({ alerts: alerts ?? undefined }, config);
}

function deployRoute(server: ApiServer, context: ApiContext): void {
  server.post(
    STREAMS,
    {
      config: { scope: 'write' },
      schema: {
        tags,
        operationId: 'deployStream',
        summary: 'Start a scenario; the same request again returns the running one',
        description: 'A `camera_url` needs the scope `cameras` as well.',
        body: deploySchema,
        response: { 200: deployedSchema, 201: deployedSchema, ...problems(403, 404, 409, 422) },
      },
    },
    async (request, reply) => {
      checkOutgoing(request, context, request.body);
      const deployed = await context.services().client.streams.deploy(request.body);
      void reply.header('location', `${STREAMS}/${deployed.scenario_uuid}`);
      return reply.code(deployed.started ? 201 : 200).send(deployed);
    },
  );
}

function readRoutes(server: ApiServer, { services }: ApiContext): void {
  server.get(
    STREAMS,
    {
      config: { scope: 'read' },
      schema: {
        tags,
        operationId: 'listStreams',
        summary: 'Scenarios with their state, the newest first, a page at a time',
        querystring: pageQuery(),
        response: { 200: streamPageSchema, ...problems() },
      },
    },
    ({ query }) => services().client.streams.list(query),
  );
  server.get(
    STREAM,
    {
      config: { scope: 'read' },
      schema: {
        tags,
        operationId: 'getStream',
        summary: 'A scenario with its state and parameters',
        params: streamParams,
        response: { 200: streamSchema, ...problems(404) },
      },
    },
    ({ params }) => services().client.streams.get(params.scenario_uuid),
  );
}

function changeRoute(server: ApiServer, context: ApiContext): void {
  server.patch(
    STREAM,
    {
      config: { scope: 'write' },
      schema: {
        tags,
        operationId: 'changeStream',
        summary: 'Change parameters of a running scenario',
        description:
          'The camera is connected again only if the change requires it. A `camera_url` needs the scope `cameras` as well.',
        params: streamParams,
        body: changeSchema,
        response: { 200: streamSchema, ...problems(403, 404, 422) },
      },
    },
    async (request) => {
      checkOutgoing(request, context, request.body);
      const { scenario_uuid } = request.params;
      return context.services().client.streams.configure(scenario_uuid, request.body);
    },
  );
}

function deleteRoute(server: ApiServer, { services }: ApiContext): void {
  server.delete(
    STREAM,
    {
      config: { scope: 'write' },
      schema: {
        tags,
        operationId: 'deleteStream',
        summary: 'Stop a scenario and delete its rows, clips and events',
        params: streamParams,
        response: { 204: z.null().describe('It is deleted'), ...problems(404) },
      },
    },
    async ({ params }, reply) => {
      await services().client.streams.delete(params.scenario_uuid);
      return reply.code(204).send(null);
    },
  );
}

type Action = keyof Pick<Streams, 'pause' | 'resume' | 'stop'>;

const ACTIONS: readonly Action[] = ['pause', 'resume', 'stop'];

const SUMMARIES: Readonly<Record<Action, string>> = {
  pause: 'Close the camera of a scenario and free its slot; it stays paused until it is resumed',
  resume: 'Watch the camera of a paused scenario again',
  stop: 'End a scenario; its rows are kept',
};

function controlRoute(server: ApiServer, { services }: ApiContext, action: Action): void {
  server.post(
    `${STREAM}/${action}`,
    {
      config: { scope: 'write' },
      schema: {
        tags,
        operationId: `${action}Stream`,
        summary: SUMMARIES[action],
        params: streamParams,
        response: { 202: streamSchema, ...problems(404) },
      },
    },
    async ({ params }, reply) => {
      void reply.code(202);
      return services().client.streams[action](params.scenario_uuid);
    },
  );
}
