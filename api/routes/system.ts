import { z } from 'zod';
import { described } from '../../domain/described.js';
import type { ApiContext } from '../context.js';
import type { ApiServer } from '../http/api-server.js';
import { readDiskSpace } from '../../platform/disk-space.js';
import { VERSION } from '../../platform/version.js';
import { diskSchema, storedSchema } from '../schemas/storage-schemas.js';

const unavailableSchema = z
  .object({
    server: described(z.string(), 'Name of the server.', 'Temporal'),
    reason: described(z.string(), 'Why it does not reply.', 'no reply within 4000 ms'),
  })
  .meta({ id: 'UnavailableServer', description: 'A server that does not reply.' });

const servers = {
  unavailable: described(
    z.array(unavailableSchema),
    'Servers that do not reply now: requests that need one of them get a 503.',
    [{ server: 'Temporal', reason: 'no reply within 4000 ms' }],
  ),
};

const readySchema = z
  .union([
    z.object({
      ready: described(
        z.literal(true),
        'All required servers have replied since the start, and they reply now or images are answered without them.',
      ),
      ...servers,
    }),
    z.object({
      ready: described(z.literal(false), 'The API is starting or stopping, or answers nothing.'),
      reason: described(z.string(), 'What it waits for.', 'Temporal does not answer'),
      ...servers,
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
    role: described(
      z.enum(['all', 'images']),
      'What this process serves: everything, or single images only, without servers.',
    ),
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
export function systemRoutes(server: ApiServer, context: ApiContext): void {
  const { config, provided } = context;
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
        summary: 'Whether the API accepts work, and which servers do not reply',
        response: { 200: readySchema, 503: readySchema },
      },
    },
    (_, reply) => {
      const state = stateOf(context);
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
      role: config.api.role,
      temporal_ui: config.temporalUi ?? null,
      temporal_namespace: config.temporal.namespace,
      stored: provided()?.storage.read() ?? null,
      disk: await readDisk(config.scratchDir),
    }),
  );
}

/**
 * State of the API. A server that stops replying does not make it unready while images are answered:
 * another process of the API would not reach that server either.
 */
function stateOf({ readiness, providedImages }: ApiContext): z.infer<typeof readySchema> {
  const unavailable = [...readiness.unavailable].map(([name, reason]) => ({
    server: name,
    reason,
  }));
  const own = readiness.ownState();
  const answersImages = (providedImages()?.images.lanes.counts.serving ?? 0) > 0;
  return { ...(own.ready && answersImages ? own : readiness.state()), unavailable };
}

async function readDisk(folder: string) {
  const space = await readDiskSpace(folder);
  return space ? { free_bytes: space.freeBytes, size_bytes: space.sizeBytes } : null;
}
