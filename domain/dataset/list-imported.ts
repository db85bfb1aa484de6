import type { ImportedFeedbackStore } from '../ports/imported-feedback-store.js';
import { readPages } from '../read-pages.js';
import type { ImportedFeedback } from './imported-feedback.js';

/** Yields all imported feedback of a data set, by image. */
export function listImported(
  store: Pick<ImportedFeedbackStore, 'list'>,
  dataset: string,
): AsyncGenerator<ImportedFeedback, void> {
  return readPages<ImportedFeedback>((place) => store.list({ dataset, ...place }));
}
