import { canonicalJson } from '../hash.js';
import type { ItemContent, Split } from './dataset-item.js';

/** Class or objects of an image that a person imported into a data set. */
export interface ImportedFeedback {
  /** Name of the data set. */
  readonly dataset: string;
  /** SHA-256 of the image. */
  readonly sha256: string;
  readonly content: ItemContent;
  /** Part that the imported file states; absent without one. */
  readonly split?: Split;
  /** Person who imported it; null without API keys. */
  readonly by: string | null;
  readonly time: Date;
  /** SHA-256 of the imported file. */
  readonly import: string;
}

/** Place of an imported feedback in the list of its data set. */
export type ImportedPosition = Pick<ImportedFeedback, 'sha256' | 'by'>;

/** Whether two imports of an image state the same. */
export function isSameFeedback(
  a: Pick<ImportedFeedback, 'content' | 'split'>,
  b: Pick<ImportedFeedback, 'content' | 'split'>,
): boolean {
  return a.split === b.split && canonicalJson(a.content) === canonicalJson(b.content);
}
