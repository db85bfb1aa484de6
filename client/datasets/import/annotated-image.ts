import type { DatasetTask, Split } from '../../../domain/dataset/dataset-item.js';
import type { Bbox, Size } from '../../../domain/result/detection.js';

/** Object of an annotation. */
export interface AnnotatedObject {
  readonly class: string;
  readonly box: Bbox;
}

/** Image of an import, as a file of annotations describes it. */
export interface AnnotatedImage {
  /** SHA-256 of the image, from its name; undefined for another name. */
  readonly sha256: string | undefined;
  /** File that describes it, and the name of the image in it. */
  readonly place: string;
  /** Part that the file or its folder states. */
  readonly split?: Split | undefined;
  /** Size in pixels that the file states. */
  readonly size?: Size | undefined;
  readonly label?: string;
  /** Boxes in pixels, or in shares of the image if `inShares`. */
  readonly objects?: readonly AnnotatedObject[];
  readonly inShares?: true;
  /** Why the image cannot be imported. */
  readonly invalid?: string;
}

/** Content of a zip with annotations. */
export interface Annotations {
  readonly task: DatasetTask;
  readonly images: AsyncIterable<AnnotatedImage>;
}

const NAME = /([0-9a-f]{64})(\.[A-Za-z]{1,5})?$/;

/** SHA-256 in the name of an image of an export. */
export function imageOf(name: string): string | undefined {
  return NAME.exec(name)?.[1];
}
