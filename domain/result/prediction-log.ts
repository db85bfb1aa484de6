import type { Bbox, StoredObject } from './detection.js';
import type { ModelRef } from '../model/model-manifest.js';

/** What was found in one picture; it is written once and never changed. */
export interface ImagePredictionRecord {
  /** MD5 of the file, in lower-case hex: it tells pictures apart, and protects nothing. */
  readonly image_hash: string;
  /** The best class; null when nothing was found. */
  readonly predicted_class: string | null;
  /** 0 to 1; 0 when nothing was found. */
  readonly confidence: number;
  /** Seconds of the network's run alone. */
  readonly prediction_time: number;
  readonly model: ModelRef;
  readonly time: Date;
  /** What a detector found; left out for a classifier. */
  readonly objects?: readonly StoredObject[];
}

/** An object that a person sees in a picture. */
export interface CorrectedObject {
  readonly class: string;
  readonly box: Bbox;
}

/** What a person says about a prediction. */
export interface Feedback {
  readonly prediction_id: string;
  /** The class that it should have been. */
  readonly class?: string;
  /** Where the object is, `[xMin, yMin, xMax, yMax]` in pixels of the picture. */
  readonly box?: readonly number[];
  /** All objects that there are, in place of those that were found. */
  readonly objects?: readonly CorrectedObject[];
  readonly comment?: string;
  readonly time: Date;
}

/** A prediction with what was said about it, the oldest first. */
export interface LoggedPrediction extends ImagePredictionRecord {
  readonly prediction_id: string;
  readonly feedback: readonly Feedback[];
}

/** The record of what was found in single pictures. */
export interface PredictionLog {
  /** Resolves with the ids of the predictions, in their order. */
  add(predictions: readonly ImagePredictionRecord[]): Promise<readonly string[]>;
  /** Resolves with false when there is no such prediction. */
  addFeedback(feedback: Feedback): Promise<boolean>;
  /** The newest first; of those older than `before`, the id of another one. */
  list(page: { readonly before?: string; readonly limit: number }): Promise<LoggedPrediction[]>;
  ensureIndexes(): Promise<void>;
  close(): Promise<void>;
}

/** What the id of a prediction looks like. */
export const PREDICTION_ID = /^[0-9a-f]{24}$/;
