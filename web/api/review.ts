import type { LoggedPrediction, PredictionPage } from './images.js';
import { getJson } from './request.js';

/** Kinds of reviews with their names. */
export const REVIEW_KINDS = [
  ['audit', 'Audit sample'],
  ['low-confidence', 'Low confidence'],
  ['disagreement', 'Disagreement'],
] as const;
export type ReviewKind = (typeof REVIEW_KINDS)[number][0];

/** Selects predictions that await a person. */
export interface ReviewSearch {
  readonly kind: ReviewKind;
  /** `name@version`; default: all models. */
  readonly model?: string;
  /** Id of a rescoring, whose images are listed; only for `disagreement`. */
  readonly rescoring?: string;
  /** Id of a shadow experiment, on whose images its versions differ; only for `disagreement`. */
  readonly experiment?: string;
}

/** Number of predictions that are read at once. */
const LIMIT = 20;

/** URL of the kept image of a prediction. */
export const keptImageUrl = (sha256: string) => `/api/v1/pictures/${sha256}`;

/** Yields the predictions that await a person, the newest first; reads the next page when needed. */
export async function* listReviews(
  { kind, model, rescoring, experiment }: ReviewSearch,
  signal: AbortSignal,
): AsyncGenerator<LoggedPrediction, void> {
  for (let cursor: string | null = ''; cursor !== null;) {
    const query = new URLSearchParams({ kind, limit: String(LIMIT) });
    if (model !== undefined) query.set('model', model);
    if (rescoring !== undefined) query.set('rescoring', rescoring);
    if (experiment !== undefined) query.set('experiment', experiment);
    if (cursor !== '') query.set('cursor', cursor);
    const page: PredictionPage = await getJson(`/api/v1/review?${query}`, signal);
    yield* page.predictions;
    cursor = page.next;
  }
}
