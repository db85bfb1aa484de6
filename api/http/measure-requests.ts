import type { HttpMetrics } from '../metrics/http-metrics.js';
import type { ApiServer } from './api-server.js';

/**
 * Measures requests until their response begins: live views and followed results have no end, and a
 * download takes as long as its reader does.
 */
export function measureRequests(server: ApiServer, metrics: HttpMetrics): void {
  server.addHook('onSend', (request, reply, payload, done) => {
    const { url: route } = request.routeOptions;
    const seconds = reply.elapsedTime / 1000;
    metrics.answered({ route, method: request.method, status: reply.statusCode, seconds });
    done(null, payload);
  });
}
