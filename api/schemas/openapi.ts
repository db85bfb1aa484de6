import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifySchema, RouteOptions } from 'fastify';
import { jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { Config } from '../../config/index.js';
import { describeRoute } from '../http/form-body.js';
import { DOCS_LOOK } from './docs-theme.js';
import { type ApiDocument, finishDocument } from './finish-document.js';
import { problemSchema } from './problem-schema.js';
import type { ApiServer } from '../http/api-server.js';
import { VERSION } from '../../platform/version.js';

/** Groups of routes, in the order of the documentation. */
const TAGS = {
  videos: 'Upload a video once, then run any number of jobs on it.',
  jobs: 'A job detects the objects of one video; its id is its event_id.',
  batches: 'A batch runs the jobs of several videos with the same options.',
  streams: 'A scenario detects the objects of one camera; its id is its scenario_uuid.',
  cameras: 'URLs of cameras, which are stored sealed.',
  models: 'Aliases of the models of the catalogue.',
  images: 'Predictions for single images, in the response.',
  'image batches': 'Predictions for many images, as one table.',
  system: 'Health, model and metrics.',
} as const;

const SECURITY_SCHEMES = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description: 'Key created with `vidette keys create`.',
  },
  header: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'The same key.' },
} as const;

/** Policy of the documentation pages: their inline styles, nothing from other hosts. */
const DOCS_POLICY = {
  'default-src': "'none'",
  'base-uri': "'none'",
  'connect-src': "'self'",
  'font-src': "'self' data:",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
  'img-src': "'self' data:",
  'script-src': "'self'",
  'style-src': "'self' 'unsafe-inline'",
};

/** Describes all routes that are registered later, at `/openapi.json` and `/docs`. */
export async function describeApi(server: ApiServer, { auth }: Config['api']): Promise<void> {
  await server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Vidette',
        description: 'Durable video object detection: every frame accounted for.',
        version: VERSION,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
      components: { securitySchemes: SECURITY_SCHEMES },
    },
    transform: ({ schema, ...rest }) =>
      describeRoute({ ...rest, schema: withCommonFields(schema, rest.route, auth) }),
    transformObject: (document) =>
      finishDocument(jsonSchemaTransformObject(document) as ApiDocument & typeof document),
  });
  await server.register(async (docs) => {
    docs.addHook('onRoute', (route) => {
      route.config = { ...route.config, open: true };
    });
    await docs.register(swaggerUi, { routePrefix: '/docs', staticCSP: DOCS_POLICY, ...DOCS_LOOK });
  });
  server.get('/openapi.json', { config: { open: true }, schema: { hide: true } }, () =>
    server.swagger(),
  );
}

/** Adds the problem response and the required scope to a route. */
function withCommonFields(
  schema: FastifySchema | undefined,
  { config }: RouteOptions,
  auth: Config['api']['auth'],
) {
  const { open = false, scope = 'read' } = config ?? {};
  const routeSchema = schema ?? {};
  const access = open ? 'No key required.' : `Requires the scope \`${scope}\`.`;
  const response = isRecord(routeSchema.response) ? routeSchema.response : {};
  return {
    ...routeSchema,
    description: [routeSchema.description, access].filter(Boolean).join('\n\n'),
    security: securityOf({ open, auth }),
    response: { ...response, default: PROBLEM },
  };
}

/** Without required keys, a key may still be sent, so that generated clients can. */
function securityOf({ open, auth }: { open: boolean; auth: Config['api']['auth'] }) {
  const keys = Object.keys(SECURITY_SCHEMES).map((name) => ({ [name]: [] }));
  if (open) return [];
  return auth === 'none' ? [{}, ...keys] : keys;
}

const PROBLEM = {
  description: 'A problem',
  content: { 'application/problem+json': { schema: problemSchema } },
};

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
