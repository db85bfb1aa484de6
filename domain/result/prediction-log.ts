import type { Bbox, StoredObject } from './detection.js';
import type { ModelRef } from '../model/model-manifest.js';

/** Logged prediction of an image; written once and never changed. */
export interface ImagePredictionRecord {
  /** MD5 of the file, in lower-case hex: identifies the image, not for security. */
  readonly image_hash: string;
  /** The best class; null when nothing was found. */
  readonly predicted_class: string | null;
  /** 0 to 1; 0 when nothing was found. */
  readonly confidence: number;
  /** Seconds of inference alone. */
  readonly prediction_time: number;
  readonly model: ModelRef;
  readonly time: Date;
  /** Objects of a detector; absent for a classifier. */
  readonly objects?: readonly StoredObject[];
}

/** Object of a correction. */
export interface CorrectedObject {
  readonly class: string;
  readonly box: Bbox;
}

/** Feedback of a person on a prediction. */
export interface Feedback {
  readonly prediction_id: string;
  /** The class that it should have been. */
  readonly class?: string;
  /** Where the object is, `[xMin, yMin, xMax, yMax]` in pixels of the image. */
  readonly box?: readonly number[];
  /** All objects that there are, in place of those that were found. */
  readonly objects?: readonly CorrectedObject[];
  readonly comment?: string;
  readonly time: Date;
}

/** Prediction with its feedback, oldest first. */
export interface LoggedPrediction extends ImagePredictionRecord {
  readonly prediction_id: string;
  readonly feedback: readonly Feedback[];
}

/** Log of predictions of single images. */
export interface PredictionLog {
  /** Resolves with the ids of the predictions, in their order. */
  add(predictions: readonly ImagePredictionRecord[]): Promise<readonly string[]>;
  /** Resolves with false if the prediction does not exist. */
  addFeedback(feedback: Feedback): Promise<boolean>;
  /** The newest first; of those older than `before`, the id of another one. */
  list(page: { readonly before?: string; readonly limit: number }): Promise<LoggedPrediction[]>;
  ensureIndexes(): Promise<void>;
  close(): Promise<void>;
}

/** Pattern of prediction ids. */
export const PREDICTION_ID = /^[0-9a-f]{24}$/;
