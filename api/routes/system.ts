import { z } from 'zod';
import type { ApiContext } from '../context.js';
import type { ApiServer } from '../server.js';
import { VERSION } from '../version.js';

const readySchema = z.union([
  z.object({ ready: z.literal(true) }),
  z.object({ ready: z.literal(false), reason: z.string() }),
]);

/** Liveness, readiness, and what this service is. */
export function systemRoutes(server: ApiServer, { readiness }: ApiContext): void {
  const tags = ['system'];
  // Who looks after the process has no key, and asks as often as he likes.
  const probe = { open: true, rateLimit: false } as const;
  server.get(
    '/livez',
    {
      config: probe,
      schema: {
        tags,
        summary: 'Whether this process lives',
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
        summary: 'Whether all that it needs answers',
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
}
