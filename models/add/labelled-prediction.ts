import { bestClasses } from '../classifier.js';
import type { PredictedObject, Prediction, PredictOptions } from '../open-for-task.js';
import type { Mask } from '../segmenter.js';

/** Options of a test run: a job's defaults, with masks. */
export const TEST_OPTIONS: PredictOptions = {
  conf: 0.25,
  iou: 0.45,
  maxDetections: 300,
  masks: true,
};
const CLASSES_SHOWN = 5;
/** Decimals of a confidence. */
const DECIMALS = 3;

export interface LabelledObject {
  readonly class: string;
  /** Corners in whole pixels of the image. */
  readonly box: readonly number[];
  readonly conf: number;
  /** Number of image pixels that the mask covers; present if the model segments. */
  readonly area?: number;
}

/** Objects in an image, or its most confident classes. */
export type LabelledPrediction =
  | { readonly objects: readonly LabelledObject[]; readonly classes?: undefined }
  | {
      readonly classes: readonly { readonly class: string; readonly conf: number }[];
      readonly objects?: undefined;
    };

/** Replaces class ids by labels and rounds numbers for display. */
export function labelPrediction(
  prediction: Prediction,
  labels: readonly string[],
): LabelledPrediction {
  if (prediction.kind === 'objects')
    return { objects: prediction.objects.map((object) => labelObject(object, labels)) };
  const best = bestClasses(prediction.confidences, CLASSES_SHOWN);
  return {
    classes: best.map(({ classId, confidence }) => ({
      class: labels[classId]!, // one label per class
      conf: rounded(confidence),
    })),
  };
}

function labelObject(
  { classId, confidence, bbox, mask }: PredictedObject,
  labels: readonly string[],
): LabelledObject {
  return {
    class: labels[classId] ?? String(classId),
    box: bbox.map(Math.round),
    conf: rounded(confidence),
    ...(mask && { area: areaOf(mask) }),
  };
}

function areaOf({ data }: Mask): number {
  return data.reduce((area, value) => area + (value > 0 ? 1 : 0), 0);
}

function rounded(confidence: number): number {
  return Number(confidence.toFixed(DECIMALS));
}
