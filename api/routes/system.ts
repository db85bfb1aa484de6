import { z } from 'zod';
import { described } from '../../domain/described.js';
import type { ApiContext } from '../context.js';
import type { ApiServer } from '../http/api-server.js';
import { readDiskSpace } from '../../platform/disk-space.js';
import { VERSION } from '../../platform/version.js';
import { diskSchema, storedSchema } from '../schemas/storage-schemas.js';

const readySchema = z
  .union([
    z.object({ ready: described(z.literal(true), 'All required servers respond.') }),
    z.object({
      ready: described(z.literal(false), 'A required server does not respond.'),
      reason: described(z.string(), 'Which server, and why.', 'Temporal does not answer'),
    }),
  ])
  .meta({ id: 'Readiness', description: 'Whether the API accepts work.' });

const liveSchema = z
  .object({ live: described(z.boolean(), 'Whether the process is alive.') })
  .meta({ id: 'Liveness', description: 'Liveness of the process.' });

const service = {
  service: described(z.string(), 'Name of the service.', 'vidette'),
  version: described(z.string(), 'Version of the service.', VERSION),
};

const serviceSchema = z
  .object(service)
  .meta({ id: 'Service', description: 'Name and version of the service.' });

const systemSchema = z
  .object({
    ...service,
    temporal_ui: described(
      z.string().nullable(),
      'URL of the Web UI of Temporal; null if it is not configured.',
      'http://127.0.0.1:8233',
    ),
    temporal_namespace: described(z.string(), 'Namespace of Temporal.', 'default'),
    stored: described(storedSchema.nullable(), 'Bytes in the object store; null until measured.'),
    disk: described(
      diskSchema.nullable(),
      'Disk of the scratch folder of the API, on which a local stack stores everything; null if it cannot be read.',
    ),
  })
  .meta({ id: 'System', description: 'Version, Temporal server and storage of the service.' });

/** Paths of the name and version, with the ids of their operations. */
const SERVICE_PATHS = { '/data': 'getService', '/api/data': 'getServiceBelowApi' } as const;

/** Response of `GET /api/v1/system`. */
export type SystemInfo = z.infer<typeof systemSchema>;

/** Routes for liveness, readiness and version. */
export function systemRoutes(server: ApiServer, { config, readiness, provided }: ApiContext): void {
  const tags = ['system'];
  // Supervisors have no key and no rate limit.
  const probe = { open: true, rateLimit: false } as const;
  server.get(
    '/livez',
    {
      config: probe,
      schema: {
        tags,
        operationId: 'getLiveness',
        summary: 'Whether this process is alive',
        response: { 200: liveSchema },
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
        operationId: 'getReadiness',
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
  for (const [url, operationId] of Object.entries(SERVICE_PATHS)) {
    server.get(
      url,
      {
        config: { open: true },
        schema: {
          tags,
          operationId,
          summary: 'Service and version',
          response: { 200: serviceSchema },
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
        operationId: 'getSystem',
        summary: 'Version, Web UI and namespace of Temporal, and storage',
        response: { 200: systemSchema },
      },
    },
    async () => ({
      ...{ service: 'vidette', version: VERSION },
      temporal_ui: config.temporalUi ?? null,
      temporal_namespace: config.temporal.namespace,
      stored: provided()?.storage.read() ?? null,
      disk: await readDisk(config.scratchDir),
    }),
  );
}

async function readDisk(folder: string) {
  const space = await readDiskSpace(folder);
  return space ? { free_bytes: space.freeBytes, size_bytes: space.sizeBytes } : null;
}
