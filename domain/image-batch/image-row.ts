import type { Size, StoredObject } from '../result/detection.js';
import { type Findings, predictionOf } from '../result/image-prediction.js';
import type { ImagePartCounts } from './image-batch.js';

/** Row of an image in a part and in the table. */
export type ImageRow = PredictedRow | FailedRow;

interface RowStart {
  /** Key of the image, or its name in the zip or the list. */
  readonly key: string;
  /** Null for an object that does not exist. */
  readonly etag: string | null;
}

/** Row of an image that could be predicted. */
export interface PredictedRow extends RowStart {
  /** Best class; null if a detector found nothing. */
  readonly class: string | null;
  readonly confidence: number;
  /** Confidences of all classes, in the order of the labels; only of a classifier. */
  readonly all_predictions?: Readonly<Record<string, number>>;
  /** Objects; only of a detector, whose boxes are in pixels of the displayed image. */
  readonly objects?: readonly StoredObject[];
  /** Width and height of the displayed image in pixels. */
  readonly width: number;
  readonly height: number;
}

/** Row of an image that could not be predicted. */
export interface FailedRow extends RowStart {
  /** Reason. */
  readonly error: string;
}

/** Findings of a model in an image, or the reason why it has none. */
export type ImageFindings =
  { readonly size: Size; readonly found: Findings } | { readonly error: string };

/** Confidences are stored with five decimals, like those of objects. */
const DECIMALS = 1e5;
const round = (value: number) => Math.round(value * DECIMALS) / DECIMALS;

/** Returns the row of an image. */
export function imageRowOf(
  { key, etag }: RowStart,
  result: ImageFindings,
  labels: readonly string[],
): ImageRow {
  if ('error' in result) return { key, etag, error: result.error };
  const { found, size } = result;
  const best = predictionOf(found, labels);
  const confidences = Object.entries(best.all_predictions).map(
    ([label, value]) => [label, round(value)] as const,
  );
  return {
    ...{ key, etag, class: best.class, confidence: round(best.confidence) },
    ...(found.kind === 'objects'
      ? { objects: found.objects }
      : { all_predictions: Object.fromEntries(confidences) }),
    ...{ width: size.width, height: size.height },
  };
}

/** Counts the rows of a part. */
export function countImagePart(rows: readonly ImageRow[]): ImagePartCounts {
  const failed = rows.filter((row) => 'error' in row);
  const [example] = failed;
  return {
    images: rows.length,
    failed: failed.length,
    ...(example && { example: { key: example.key, error: example.error } }),
  };
}
