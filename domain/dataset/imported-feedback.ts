import type { ItemContent } from './dataset-item.js';

/** Class or objects of an image that a person imported into a data set. */
export interface ImportedFeedback {
  /** Name of the data set. */
  readonly dataset: string;
  /** SHA-256 of the image. */
  readonly sha256: string;
  readonly content: ItemContent;
  /** Person who imported it; null without API keys. */
  readonly by: string | null;
  readonly time: Date;
  /** SHA-256 of the imported file. */
  readonly import: string;
}

/** Place of an imported feedback in the list of its data set. */
export type ImportedPosition = Pick<ImportedFeedback, 'sha256' | 'by'>;
