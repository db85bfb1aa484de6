import { problemOf } from '../http/problem.js';
import type { RefusedFile } from './form.js';
import type { ImagePrediction } from './predict-image.js';
import type { ImageFile } from './sources.js';

/** What is wrong with a picture, and not with the request, the network or the API. */
const IMAGE_STATUSES = new Set([413, 422]);

/**
 * Looks at pictures, of which a bad one stands in no other one's way: its outcome is its error. When
 * none was seen, and not for what is wrong with all of them, that is @throws the first such error.
 */
export async function predictEach(
  files: readonly (ImageFile | RefusedFile)[],
  look: (file: ImageFile) => Promise<ImagePrediction>,
): Promise<(ImagePrediction | Error)[]> {
  const outcomes = await Promise.all(
    files.map(async (file) => ('refused' in file ? file.refused : look(file).catch(toOutcome))),
  );
  const other = outcomes.find((outcome) => outcome instanceof Error && !isImageError(outcome));
  const hasSeen = outcomes.some((outcome) => !(outcome instanceof Error));
  if (other instanceof Error && !hasSeen) throw other;
  return outcomes;
}

function isImageError(error: Error): boolean {
  return IMAGE_STATUSES.has(problemOf(error, '')?.status ?? 500);
}

/** An error that can be told; others are those of the whole request. */
function toOutcome(error: unknown): Error {
  if (error instanceof Error && problemOf(error, '')) return error;
  throw error;
}
