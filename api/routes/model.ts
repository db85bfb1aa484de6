import { z } from 'zod';
import { described } from '../../domain/described.js';
import { listModels, MODEL_CURSOR } from '../../client/models.js';
import type { FollowedModel } from '../../domain/ports/followed-models.js';
import type { ApiContext } from '../context.js';
import { pageQuery } from '../schemas/common.js';
import { modelPageSchema } from '../schemas/list-schemas.js';
import { problems } from '../schemas/problem-schema.js';
import type { ApiServer } from '../http/api-server.js';

const healthSchema = z
  .object({
    status: described(z.enum(['healthy', 'unhealthy']), 'Whether images can be processed.'),
    model_loaded: described(z.boolean(), 'Whether a model is loaded.'),
    result: described(z.boolean(), 'The same as `status`, as a boolean.'),
  })
  .meta({ id: 'Health', description: 'Health of the image routes.' });

const modelInfoSchema = z
  .object({
    model_name: described(z.string(), 'Name of the model.', 'yolox_nano'),
    version: described(z.int().min(1), 'Version of the model.', 1),
    classes: described(z.array(z.string()), 'Classes of the model, by class id.', [
      'person',
      'bicycle',
    ]),
  })
  .extend({
    registry: described(
      z
        .object({
          uri: described(z.string(), 'URI of the model in MLflow.', 'models:/fish@champion'),
          checked_at: described(
            z.iso.datetime().nullable(),
            'Time at which MLflow last named its version; null if it has not answered yet.',
            '2026-05-04T09:30:00.000Z',
          ),
          error: described(
            z.string().nullable(),
            'Why MLflow named no version the last time; null if it did.',
            null,
          ),
        })
        .optional(),
      'MLflow, if the model is one of its registry.',
      {
        uri: 'models:/fish@champion',
        checked_at: '2026-05-04T09:30:00.000Z',
        error: null,
      },
    ),
    unusable: described(
      z
        .object({
          version: described(z.int().min(1), 'The newer version.', 4),
          reason: described(
            z.string(),
            'Why it is not used.',
            'Version 4 of fish has no class labels.',
          ),
        })
        .optional(),
      'Version that should be used, but cannot run; the last good one is used instead.',
      { version: 4, reason: 'Version 4 of fish has no class labels.' },
    ),
  })
  .meta({ id: 'ModelInfo', description: 'Default model of POST /predict.' });

function toRegistry({ uri, checkedAt, error }: FollowedModel) {
  return { uri, checked_at: checkedAt?.toISOString() ?? null, error };
}

/** Routes for the catalogue, the image model, its health, and metrics. */
export function modelRoutes(server: ApiServer, context: ApiContext): void {
  const { imageServices, providedImages, config, stopping, metrics } = context;
  server.get(
    '/api/v1/models',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['system'],
        operationId: 'listModels',
        summary: 'Models of the catalogue, a page at a time',
        querystring: pageQuery(z.string().regex(MODEL_CURSOR)),
        response: { 200: modelPageSchema, ...problems() },
      },
    },
    ({ query }) => {
      const { model } = config;
      const defaultModel = model !== undefined && { defaultModel: model };
      return listModels({ models: imageServices().models, ...defaultModel }, query);
    },
  );
  server.get(
    '/model_info',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['system'],
        operationId: 'getModelInfo',
        summary: 'The default model of POST /predict',
        response: {
          200: modelInfoSchema,
          ...problems(404, 503),
        },
      },
    },
    async () => {
      const spec = config.images.classifier ?? config.model;
      const { images, models } = imageServices();
      const { name, version, labels } = (await images.models.get(spec)).manifest;
      const followed = models.followedBy(spec);
      const unusable = followed?.unusable ?? images.models.unusable(spec);
      return {
        ...{ model_name: name, version, classes: labels },
        ...(followed && { registry: toRegistry(followed) }),
        ...(unusable && { unusable }),
      };
    },
  );
  server.get(
    '/health',
    {
      // Like /livez: without a key and without a rate limit.
      config: { open: true, rateLimit: false },
      schema: {
        tags: ['system'],
        operationId: 'getHealth',
        summary: 'Whether images can be processed',
        response: { 200: healthSchema, 503: healthSchema },
      },
    },
    (_, reply) => {
      const isLoaded = (providedImages()?.images.lanes.counts.serving ?? 0) > 0;
      const isHealthy = isLoaded && !stopping.aborted;
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
        operationId: 'getMetrics',
        summary: 'Metrics in the text format of Prometheus',
        response: {
          200: {
            description: 'See docs/http-api.md and docs/operations.md for names and buckets',
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
