import type { ImportedFeedback, ImportedPosition } from '../dataset/imported-feedback.js';

/** Imported feedback on images: the latest of each person in each data set. */
export interface ImportedFeedbackStore {
  /**
   * Stores feedback in place of the earlier one of the same person on the image; false, and nothing
   * changes, if that has the same content and part.
   */
  put(feedback: ImportedFeedback): Promise<boolean>;
  /** Returns a page of the imported feedback of a data set, by image. */
  list(query: {
    readonly dataset: string;
    readonly limit: number;
    readonly after?: ImportedPosition | undefined;
  }): Promise<ImportedFeedback[]>;
}
