import type { ApiContext } from '../context.js';
import { pageQuery } from '../schemas/common.js';
import { predictionIdParameter } from '../schemas/feedback-schemas.js';
import { predictionPageSchema, viewPrediction } from '../schemas/image-schemas.js';
import { problems } from '../schemas/problem-schema.js';
import type { ApiServer } from '../http/api-server.js';

/** Route for the prediction log. */
export function predictionRoutes(server: ApiServer, { imageServices }: ApiContext): void {
  server.get(
    '/predictions',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['images'],
        operationId: 'listPredictions',
        summary: 'Predictions of single images, newest first',
        querystring: pageQuery(predictionIdParameter),
        response: {
          200: predictionPageSchema,
          ...problems(400, 503),
        },
      },
    },
    async ({ query: { limit, cursor } }) => {
      const found = await imageServices().images.log.list({ limit: limit + 1, before: cursor });
      const predictions = found.slice(0, limit);
      const next = found.length > limit ? predictions.at(-1)!.prediction_id : null;
      return { predictions: predictions.map(viewPrediction), next };
    },
  );
}
