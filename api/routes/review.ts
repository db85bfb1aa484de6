import { z } from 'zod';
import type { RescoreCase } from '../../client/index.js';
import { described } from '../../domain/described.js';
import { AppError } from '../../domain/errors.js';
import { MODEL_SPEC } from '../../domain/model/model-spec.js';
import { ID } from '../../domain/names.js';
import { LOW_CONFIDENCE, REVIEW_KINDS, type ReviewKind } from '../../domain/result/review.js';
import { parseReviewedModel, reviewCases, reviewPage } from '../../domain/result/review-page.js';
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
  rescoring: described(
    z.string().regex(ID).optional(),
    'Only for `disagreement`: the images of a rescoring for which both models differ, those that are worth most first, in place of those on which people disagree.',
    'rescore-8bed849eba57',
  ),
  experiment: described(
    z.string().regex(ID).optional(),
    'Only for `disagreement`: the images of the audit sample without a label on which the versions of a shadow experiment differ, in place of those on which people disagree.',
    'fish-8bed849eba57',
  ),
  model: described(
    z.string().regex(MODEL_SPEC, 'expected name or name@version').optional(),
    'Model of the predictions as name (all versions) or name@version. Default: all.',
    'fish@3',
  ),
});

/** Route for the predictions that await a person. */
export function reviewRoutes(
  server: ApiServer,
  { services, imageServices, config }: ApiContext,
): void {
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
        response: { 200: predictionPageSchema, ...problems(400, 404, 503) },
      },
    },
    async ({ query: { kind, rescoring, experiment, model, limit, cursor } }) => {
      const { client, documents } = services();
      const { images } = imageServices();
      const erased = await documents.keptImages.erased();
      expectDisagreement(kind, { rescoring, experiment });
      const page = async () => {
        if (experiment !== undefined)
          return client.experiments.disagreements(experiment, { limit, ...(cursor && { cursor }) });
        if (rescoring !== undefined) {
          const ids = imagesOf(await client.rescorings.cases(rescoring, 'worth'));
          return reviewCases(images.log, ids, { limit, before: cursor, erased });
        }
        return reviewPage(images.log, {
          ...{ kind, limit, before: cursor },
          since: new Date(Date.now() - config.images.keepDays * DAY_MS),
          erased,
          model: model === undefined ? undefined : parseReviewedModel(model),
        });
      };
      const { predictions, next } = await page();
      return { predictions: predictions.map(viewPrediction), next };
    },
  );
}

/** What is compared instead of people. */
interface Compared {
  readonly rescoring: string | undefined;
  readonly experiment: string | undefined;
}

/** @throws AppError `INVALID_INPUT` for another kind of review, or for both a rescoring and an experiment. */
function expectDisagreement(kind: ReviewKind, { rescoring, experiment }: Compared): void {
  if (rescoring !== undefined && experiment !== undefined)
    throw new AppError('INVALID_INPUT', 'Expected a rescoring or an experiment, received both.');
  if (kind === 'disagreement' || (rescoring ?? experiment) === undefined) return;
  const given = rescoring === undefined ? 'experiment' : 'rescoring';
  throw new AppError(
    'INVALID_INPUT',
    `Expected kind=disagreement with ${given}, received ${kind}. Leave out ${given}, or change kind.`,
  );
}

async function* imagesOf(cases: AsyncIterable<RescoreCase>): AsyncGenerator<string> {
  for await (const found of cases) if (found.type === 'image') yield found.prediction_id;
}
