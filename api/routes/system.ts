import { z } from 'zod';
import type { ApiContext } from '../context.js';
import type { ApiServer } from '../http/api-server.js';
import { VERSION } from '../version.js';

const readySchema = z.union([
  z.object({ ready: z.literal(true) }),
  z.object({ ready: z.literal(false), reason: z.string() }),
]);

const systemSchema = z.object({
  service: z.string(),
  version: z.string(),
  /** URL of Temporal's Web UI; null if not configured. */
  temporal_ui: z.string().nullable(),
  temporal_namespace: z.string(),
});

/** Response of `GET /api/v1/system`. */
export type SystemInfo = z.infer<typeof systemSchema>;

/** Routes for liveness, readiness and version. */
export function systemRoutes(server: ApiServer, { config, readiness }: ApiContext): void {
  const tags = ['system'];
  // Supervisors have no key and no rate limit.
  const probe = { open: true, rateLimit: false } as const;
  server.get(
    '/livez',
    {
      config: probe,
      schema: {
        tags,
        summary: 'Whether this process is alive',
        response: { 200: z.object({ live: z.boolean() }) },
      },
    },
    () => ({ live: true }),
  );
  server.get(
    '/readyz',
    {
      config: probe,
      schema: {
        tags,
        summary: 'Whether all required servers respond',
        response: { 200: readySchema, 503: readySchema },
      },
    },
    (_, reply) => {
      const state = readiness.state();
      void reply.code(state.ready ? 200 : 503);
      return state;
    },
  );
  for (const url of ['/data', '/api/data']) {
    server.get(
      url,
      {
        config: { open: true },
        schema: {
          tags,
          summary: 'Service and version',
          response: { 200: z.object({ service: z.string(), version: z.string() }) },
        },
      },
      () => ({ service: 'vidette', version: VERSION }),
    );
  }
  server.get(
    '/api/v1/system',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'Version, and the Web UI and namespace of Temporal',
        response: { 200: systemSchema },
      },
    },
    () => ({
      ...{ service: 'vidette', version: VERSION },
      temporal_ui: config.temporalUi ?? null,
      temporal_namespace: config.temporal.namespace,
    }),
  );
}
