import type { ApiServer } from '../http/api-server.js';

/** Asked every few seconds by those who look after the process. */
const PROBES = ['/livez', '/readyz'];

/** One line for each request: the route and not the address, whose query may hold what is secret. */
export function logRequests(server: ApiServer): void {
  server.addHook('onRequest', async (request, reply) => {
    reply.raw.once('close', () => {
      const { url: route } = request.routeOptions;
      const level = route !== undefined && PROBES.includes(route) ? 'debug' : 'info';
      server.log[level](
        {
          request_id: request.id,
          method: request.method,
          route: route ?? null,
          status: reply.raw.statusCode,
          ms: Math.round(reply.elapsedTime),
          key: request.caller?.name ?? null,
          ...(!reply.raw.writableFinished && { aborted: true }),
        },
        'request',
      );
    });
  });
}
