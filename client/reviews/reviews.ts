import { addPredictionFeedback } from '../../domain/result/add-prediction-feedback.js';
import {
  type Feedback,
  type ImagePredictionRecord,
  PREDICTION_ID,
} from '../../domain/result/prediction-log.js';
import type { ReviewKind } from '../../domain/result/review.js';
import {
  parseReviewedModel,
  type ReviewPage,
  reviewPage,
} from '../../domain/result/review-page.js';
import type { VidetteClientDeps } from '../deps.js';
import { PAGE_LIMIT } from '../paging.js';
import type { PageOptions } from '../types.js';

/** Selects predictions that await a person. */
export interface ReviewOptions extends PageOptions {
  readonly kind: ReviewKind;
  /** Model of the predictions as name (all versions) or name@version; default: all. */
  readonly model?: string | undefined;
  /** Time since which images are kept without feedback. */
  readonly since: Date;
}

/** Predictions of single images that await a person. */
export interface Reviews {
  /**
   * Returns a page of them, the newest first. A page may have fewer than its limit, even none, before
   * the last one.
   */
  page(options: ReviewOptions): Promise<ReviewPage>;
  /** Undefined if the prediction does not exist. */
  find(predictionId: string): Promise<ImagePredictionRecord | undefined>;
  /**
   * Stores feedback on a prediction, and keeps its image indefinitely.
   * @returns false if the prediction does not exist.
   */
  addFeedback(feedback: Omit<Feedback, 'time'>): Promise<boolean>;
}

/** Creates the API of reviews. */
export function createReviews({ documents }: Pick<VidetteClientDeps, 'documents'>): Reviews {
  const { imagePredictions: log, keptImages } = documents;
  return {
    page: async ({ kind, model, since, limit = PAGE_LIMIT, cursor }) =>
      reviewPage(log, {
        ...{ kind, since, limit, before: cursor, erased: await keptImages.erased() },
        model: model === undefined ? undefined : parseReviewedModel(model),
      }),
    find: async (predictionId) =>
      PREDICTION_ID.test(predictionId) ? log.find(predictionId) : undefined,
    addFeedback: async (feedback) =>
      PREDICTION_ID.test(feedback.prediction_id) &&
      addPredictionFeedback({ log, keptImages }, feedback),
  };
}
