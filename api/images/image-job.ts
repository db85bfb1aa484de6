import type { Size } from '../../domain/result/detection.js';
import type { Findings } from '../../domain/result/image-prediction.js';
import type { DetectOptions } from '../../models/detector.js';
import type { PoolJob } from '../../lanes/pool-job.js';

/** Cuts of an image: its main object alone, in front of a blurred background, or both. */
export const CUTS = ['crop', 'blur', 'both'] as const;
export type CutMode = (typeof CUTS)[number];

/** Job of a lane: one image, as a path. */
export interface ImageJob extends PoolJob {
  /** Path of the image in the request's folder; cuts are written beside it. */
  readonly path: string;
  /** Whether the image is a frame; otherwise the EXIF orientation is applied. */
  readonly isFrame: boolean;
  /** Maximum number of pixels; checked before the image is decoded. */
  readonly maxPixels: number;
  readonly options: Pick<DetectOptions, 'conf' | 'iou' | 'maxDetections'>;
  /** Cuts to make; none by default. */
  readonly cut?: CutMode;
}

export interface ImageResult {
  /** Size of the image as displayed. */
  readonly size: Size;
  readonly found: Findings;
  /** Seconds of the inference alone, without waiting, reading and resizing. */
  readonly inferenceS: number;
  /** Paths of the cuts as PNG, the crop first; empty without an object. */
  readonly made: readonly string[];
}
