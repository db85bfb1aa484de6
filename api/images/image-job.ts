import type { Size, StoredObject } from '../../domain/result/detection.js';
import type { DetectOptions } from '../../models/detector.js';
import type { PoolJob } from '../../lanes/pool-job.js';

/** What can be made of a picture: its main object alone, or before a blurred background. */
export const CUTS = ['crop', 'blur', 'both'] as const;
export type CutMode = (typeof CUTS)[number];

/** One picture for a lane: a path, never pixels. */
export interface ImageJob extends PoolJob {
  /** The picture, in a folder of its own; what is made of it is written beside it. */
  readonly path: string;
  /** Frames are stored as they are displayed; of other pictures the EXIF orientation is applied. */
  readonly isFrame: boolean;
  /** Pictures of more pixels are refused before they are decoded. */
  readonly maxPixels: number;
  readonly options: Pick<DetectOptions, 'conf' | 'iou' | 'maxDetections'>;
  /** Left out: nothing is made of it. */
  readonly cut?: CutMode;
}

/** What a network found: objects, or the confidences of all its classes in the order of its labels. */
export type Findings =
  | { readonly kind: 'objects'; readonly objects: readonly StoredObject[] }
  | { readonly kind: 'classes'; readonly confidences: readonly number[] };

export interface ImageResult {
  /** Size of the picture as it is displayed. */
  readonly size: Size;
  readonly found: Findings;
  /** Seconds of the network's run alone: without waiting, reading and resizing. */
  readonly inferenceS: number;
  /** Paths of PNGs, the crop first; none where there is no object. */
  readonly made: readonly string[];
}
