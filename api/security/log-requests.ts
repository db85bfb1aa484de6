import type { ApiServer } from '../http/api-server.js';

/** Paths that supervisors request every few seconds. */
const PROBES = ['/livez', '/readyz'];

/** Logs a line per request with its route, not its URL, whose query may contain secrets. */
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
