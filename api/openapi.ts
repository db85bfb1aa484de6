import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { describeRoute } from './form-body.js';
import { VERSION } from './version.js';

/** Parts of the API, in the order of its description. */
export const TAGS = {
  videos: 'Videos are uploaded once, and detected as often as wanted.',
  jobs: 'A job detects the objects of one video; its id is its event_id.',
  images: 'Single pictures, at once.',
  system: 'Health, model and metrics.',
} as const;

/** Describes all routes that are registered later: `/openapi.json`, and `/docs` for people. */
export async function describeApi(server: FastifyInstance): Promise<void> {
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
    },
    transform: describeRoute,
    transformObject: jsonSchemaTransformObject,
  });
  await server.register(swaggerUi, { routePrefix: '/docs', staticCSP: true });
  server.get('/openapi.json', { schema: { hide: true } }, () => server.swagger());
}
