import { AppError } from '../../domain/errors.js';
import { listDisagreements } from '../../domain/experiment/disagreements.js';
import type { Experiment } from '../../domain/experiment/experiment.js';
import { judgeImages } from '../../domain/experiment/judge-images.js';
import { needsAnswer } from '../../domain/result/review.js';
import { isErased, type ReviewPage } from '../../domain/result/review-page.js';
import type { VidetteClientDeps } from '../deps.js';
import { PAGE_LIMIT } from '../paging.js';
import type { PageOptions } from '../types.js';
import { readAudited } from './read-report.js';

interface Deps {
  readonly documents: Pick<
    VidetteClientDeps['documents'],
    'experiments' | 'imagePredictions' | 'keptImages'
  >;
}

/** Returns a page of {@link listDisagreements}. @throws AppError `INVALID_INPUT` for a split. */
export async function readDisagreements(
  { documents }: Deps,
  { experiment_id: id, mode }: Experiment,
  { limit = PAGE_LIMIT, cursor }: PageOptions = {},
): Promise<ReviewPage> {
  if (mode !== 'shadow') throw isSplit(id);
  const { audited, shadows } = await readAudited(documents, id);
  const erased = await documents.keptImages.erased();
  const byId = new Map(audited.map((prediction) => [prediction.prediction_id, prediction]));
  const open = listDisagreements(judgeImages(audited, shadows), cursor)
    .flatMap((prediction_id) => byId.get(prediction_id) ?? [])
    .filter((prediction) => needsAnswer(prediction) && !isErased(prediction, { erased }));
  const predictions = open.slice(0, limit);
  const last = open.length > limit ? predictions.at(-1) : undefined;
  return { predictions, next: last?.prediction_id ?? null };
}

function isSplit(id: string): AppError {
  return new AppError(
    'INVALID_INPUT',
    `Experiment ${id} is a split: each image has the answer of one version. Review its audit sample.`,
  );
}
