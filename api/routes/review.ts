import { z } from 'zod';
import { described } from '../../domain/described.js';
import { MODEL_SPEC } from '../../domain/model/model-spec.js';
import { LOW_CONFIDENCE, REVIEW_KINDS } from '../../domain/result/review.js';
import { parseReviewedModel, reviewPage } from '../../domain/result/review-page.js';
import type { ApiContext } from '../context.js';
import type { ApiServer } from '../http/api-server.js';
import { pageQuery } from '../schemas/common.js';
import { predictionIdParameter } from '../schemas/feedback-schemas.js';
import { predictionPageSchema, viewPrediction } from '../schemas/image-schemas.js';
import { problems } from '../schemas/problem-schema.js';

const DAY_MS = 24 * 3600 * 1000;

const query = pageQuery(predictionIdParameter).extend({
  kind: described(
    z.enum(REVIEW_KINDS),
    `Predictions without feedback of the audit sample, or of a confidence below ${LOW_CONFIDENCE}; or those on which people disagree.`,
  ),
  model: described(
    z.string().regex(MODEL_SPEC, 'expected name or name@version').optional(),
    'Model of the predictions as name (all versions) or name@version. Default: all.',
    'fish@3',
  ),
});

/** Route for the predictions that await a person. */
export function reviewRoutes(server: ApiServer, { services, config }: ApiContext): void {
  server.get(
    '/api/v1/review',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['images'],
        operationId: 'listReviews',
        summary: 'Predictions with kept images that await a person, newest first',
        description:
          'A page may have fewer entries than its limit, even none, before the last one: follow `next`.',
        querystring: query,
        response: { 200: predictionPageSchema, ...problems(400, 503) },
      },
    },
    async ({ query: { kind, model, limit, cursor } }) => {
      const { images, documents } = services();
      const { predictions, next } = await reviewPage(images.log, {
        ...{ kind, limit, before: cursor },
        since: new Date(Date.now() - config.images.keepDays * DAY_MS),
        erased: await documents.keptImages.erased(),
        model: model === undefined ? undefined : parseReviewedModel(model),
      });
      return { predictions: predictions.map(viewPrediction), next };
    },
  );
}
