import type { FastifyRequest } from 'fastify';
import type { RequestSpan, Tracing } from '../../runtime/tracing/tracing.js';
import type { ApiServer } from './api-server.js';

/** Paths that supervisors and Prometheus request every few seconds. */
const UNTRACED = ['/livez', '/readyz', '/health', '/metrics'];

/**
 * Opens a span for each request of a route, named by its method and path. The files of the page, which
 * one route with a wildcard sends, have none.
 */
export function traceRequests(server: ApiServer, tracing: Tracing): void {
  const spans = new WeakMap<FastifyRequest, RequestSpan>();
  server.addHook('onRequest', async (request, reply) => {
    const { method, headers } = request;
    const { url: route } = request.routeOptions;
    if (route === undefined || route.includes('*') || UNTRACED.includes(route)) return;
    const attributes = { 'http.request.method': method, 'http.route': route };
    const named = { ...attributes, 'vidette.request_id': request.id };
    const span = tracing.openRequest({ name: `${method} ${route}`, attributes: named }, headers);
    spans.set(request, span);
    reply.raw.once('close', () =>
      span.end(reply.raw.writableFinished ? reply.raw.statusCode : undefined),
    );
  });
  // The body is read before: its events would leave the context of the span.
  server.addHook('preHandler', (request, _, done) => {
    const span = spans.get(request);
    if (span) span.run(done);
    else done();
  });
}
