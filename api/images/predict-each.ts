import { problemOf } from '../http/problem.js';
import type { RefusedFile } from './form.js';
import type { ImagePrediction } from './predict-image.js';
import type { ImageFile } from './sources.js';

/** Statuses of errors of an image, not of the request, the model or the API. */
const IMAGE_STATUSES = new Set([413, 422]);

/**
 * Predicts each image independently: a bad image yields its own error.
 * @throws the first error that is not the image's, if no image succeeds.
 */
export async function predictEach<Predicted extends ImagePrediction>(
  files: readonly (ImageFile | RefusedFile)[],
  predict: (file: ImageFile) => Promise<Predicted>,
): Promise<(Predicted | Error)[]> {
  const outcomes = await Promise.all(
    files.map(async (file) => ('refused' in file ? file.refused : predict(file).catch(toOutcome))),
  );
  const other = outcomes.find((outcome) => outcome instanceof Error && !isImageError(outcome));
  const hasPrediction = outcomes.some((outcome) => !(outcome instanceof Error));
  if (other instanceof Error && !hasPrediction) throw other;
  return outcomes;
}

function isImageError(error: Error): boolean {
  return IMAGE_STATUSES.has(problemOf(error, '')?.status ?? 500);
}

/** Returns an error that can be reported for one image. @throws any other error. */
function toOutcome(error: unknown): Error {
  if (error instanceof Error && problemOf(error, '')) return error;
  throw error;
}
