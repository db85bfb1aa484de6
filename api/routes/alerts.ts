import type { ApiContext } from '../context.js';
import type { ApiServer } from '../http/api-server.js';
import { ProblemError } from '../http/problem.js';
import {
  alertPageSchema,
  alertParams,
  alertSchema,
  alertsQuery,
  alertTestSchema,
} from '../schemas/alert-schemas.js';
import { binary } from '../schemas/common.js';
import { problems } from '../schemas/problem-schema.js';
import { checkChannel } from '../webhook.js';
import { ALERTS } from './paths.js';

const tags = ['alerts'];

/** Routes for the log of alerts. */
export function alertRoutes(server: ApiServer, context: ApiContext): void {
  listRoute(server, context);
  snapshotRoute(server, context);
  testRoute(server, context);
}

function listRoute(server: ApiServer, { services }: ApiContext): void {
  server.get(
    ALERTS,
    {
      config: { scope: 'read' },
      schema: {
        tags,
        operationId: 'listAlerts',
        summary: 'Alerts that were sent or suppressed, the newest first, a page at a time',
        querystring: alertsQuery,
        response: { 200: alertPageSchema, ...problems() },
      },
    },
    ({ query }) => services().client.alerts.list(query),
  );
}

function snapshotRoute(server: ApiServer, { services }: ApiContext): void {
  server.get(
    `${ALERTS}/:alert_id/snapshot.jpg`,
    {
      config: { scope: 'read' },
      schema: {
        tags,
        operationId: 'getAlertSnapshot',
        summary: 'The frame of an alert',
        params: alertParams,
        response: {
          200: {
            description: 'The frame as it was stored',
            content: { 'image/jpeg': { schema: binary('JPEG') } },
          },
          ...problems(404),
        },
      },
    },
    async ({ params: { alert_id } }, reply) => {
      const jpeg = await services().client.alerts.snapshot(alert_id);
      if (jpeg) return reply.type('image/jpeg').send(jpeg);
      const advice = 'It does not exist, was suppressed, or its job stores no frames.';
      throw new ProblemError('not-found', `The alert ${alert_id} has no frame. ${advice}`);
    },
  );
}

function testRoute(server: ApiServer, { services, config }: ApiContext): void {
  server.post(
    `${ALERTS}/test`,
    {
      config: { scope: 'write' },
      schema: {
        tags,
        operationId: 'testAlertChannel',
        summary: 'Send a test to a channel, and wait for up to 30 s for its outcome',
        body: alertTestSchema,
        response: { 200: alertSchema, ...problems() },
      },
    },
    ({ body: { channel } }) => {
      checkChannel(channel, config);
      return services().client.alerts.test(channel);
    },
  );
}
