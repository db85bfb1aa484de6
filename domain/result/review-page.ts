import type { LoggedPrediction, PredictionLog, PredictionQuery } from './prediction-log.js';
import { LOW_CONFIDENCE, needsAnswer, needsReview, type ReviewKind } from './review.js';

/** Number of predictions that are read at once. */
const READ = 100;
/** Maximum number of predictions that are read for one page; the next page continues after them. */
const READ_MAX = 2000;

/** Prediction ids that are reviewed, the most urgent first. */
export type ReviewIds = AsyncIterable<string>;

/**
 * Returns a page of given predictions with kept images on which no one has given feedback, in their
 * order.
 */
export async function reviewCases(
  log: Pick<PredictionLog, 'findLogged'>,
  ids: ReviewIds,
  { limit, before, erased }: Pick<ReviewQuery, 'limit' | 'before' | 'erased'>,
): Promise<ReviewPage> {
  const predictions: LoggedPrediction[] = [];
  let isAfter = before === undefined;
  for await (const id of ids) {
    if (isAfter) {
      const prediction = await log.findLogged(id);
      if (!prediction || !needsAnswer(prediction) || isErased(prediction, { erased })) continue;
      if (predictions.push(prediction) === limit) return { predictions, next: id };
    }
    isAfter ||= id === before;
  }
  return { predictions, next: null };
}

/** Selects predictions for review. */
export interface ReviewQuery {
  readonly kind: ReviewKind;
  readonly limit: number;
  /** `next` of the page before. */
  readonly before?: string | undefined;
  /** Time since which images are kept without feedback. */
  readonly since: Date;
  /** Images that were erased, by SHA-256. */
  readonly erased: ReadonlyMap<string, Date>;
  /** Model of the predictions; without a version, any of its versions. */
  readonly model?: { readonly name: string; readonly version?: number | undefined } | undefined;
}

export interface ReviewPage {
  readonly predictions: readonly LoggedPrediction[];
  /** Cursor of the next page; null if there are no older predictions. */
  readonly next: string | null;
}

/**
 * Returns a page of the predictions that await a person, the newest first. A page may have fewer
 * predictions than its limit, even none, before the last one.
 */
export async function reviewPage(
  log: Pick<PredictionLog, 'list' | 'listWithFeedback'>,
  query: ReviewQuery,
): Promise<ReviewPage> {
  const predictions: LoggedPrediction[] = [];
  let { before } = query;
  for (let count = 0; count < READ_MAX; count += READ) {
    const found = await readLog(log, query, before);
    for (const prediction of found) {
      before = prediction.prediction_id;
      if (!isOfModel(prediction, query) || isErased(prediction, query)) continue;
      if (!needsReview(query.kind, prediction)) continue;
      if (predictions.push(prediction) === query.limit) return { predictions, next: before };
    }
    if (found.length < READ) return { predictions, next: null };
  }
  return { predictions, next: before ?? null };
}

function readLog(
  log: Pick<PredictionLog, 'list' | 'listWithFeedback'>,
  { kind, since }: ReviewQuery,
  before: string | undefined,
): Promise<LoggedPrediction[]> {
  const page = { before, limit: READ };
  // Images with feedback are kept indefinitely.
  if (kind === 'disagreement') return log.listWithFeedback(page);
  const selected: Partial<PredictionQuery> =
    kind === 'audit' ? { audit: true } : { belowConfidence: LOW_CONFIDENCE };
  return log.list({ ...page, since, ...selected });
}

export function isErased(
  { picture: image }: LoggedPrediction,
  { erased }: Pick<ReviewQuery, 'erased'>,
): boolean {
  return image !== undefined && erased.has(image.sha256);
}

function isOfModel({ model }: LoggedPrediction, { model: wanted }: ReviewQuery): boolean {
  if (!wanted) return true;
  return model.name === wanted.name && (wanted.version ?? model.version) === model.version;
}

/** @example parseReviewedModel('fish@3') // { name: 'fish', version: 3 } */
export function parseReviewedModel(spec: string): NonNullable<ReviewQuery['model']> {
  const [name = '', version] = spec.split('@');
  return { name, ...(version !== undefined && { version: Number(version) }) };
}
