import { z } from 'zod';
import type { ApiContext } from '../context.js';
import { problems } from '../schemas/problem-schema.js';
import type { ApiServer } from '../http/api-server.js';

const healthSchema = z.object({
  status: z.enum(['healthy', 'unhealthy']),
  model_loaded: z.boolean(),
  result: z.boolean(),
});

/** Routes for the image model, its health, and metrics. */
export function modelRoutes(server: ApiServer, context: ApiContext): void {
  const { services, provided, config, readiness, metrics } = context;
  server.get(
    '/model_info',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['system'],
        summary: 'The default model of POST /predict',
        response: {
          200: z.object({
            model_name: z.string(),
            version: z.int(),
            classes: z.array(z.string()),
          }),
          ...problems(404, 503),
        },
      },
    },
    async () => {
      const spec = config.images.classifier ?? config.model;
      const { name, version, labels } = (await services().images.models.get(spec)).manifest;
      return { model_name: name, version, classes: labels };
    },
  );
  server.get(
    '/health',
    {
      // Like /readyz: without a key and without a rate limit.
      config: { open: true, rateLimit: false },
      schema: {
        tags: ['system'],
        summary: 'Whether images can be processed',
        response: { 200: healthSchema, 503: healthSchema },
      },
    },
    (_, reply) => {
      const isLoaded = (provided()?.images.lanes.counts.serving ?? 0) > 0;
      const isHealthy = isLoaded && readiness.state().ready;
      void reply.code(isHealthy ? 200 : 503);
      const status = isHealthy ? ('healthy' as const) : ('unhealthy' as const);
      return { status, model_loaded: isLoaded, result: isHealthy };
    },
  );
  server.get(
    '/metrics',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['system'],
        summary: 'Metrics in the text format of Prometheus',
        response: {
          200: {
            description: 'See docs/http-api.md for names and buckets',
            content: { 'text/plain': { schema: z.string() } },
          },
        },
      },
    },
    async (_, reply) => {
      const text = await metrics.registry.metrics();
      return reply.type(metrics.registry.contentType).send(text);
    },
  );
}
