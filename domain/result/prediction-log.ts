import type { ArmName } from '../experiment/experiment.js';
import type { CorrectedObject } from './corrected-objects.js';
import type { StoredObject } from './detection.js';
import type { ModelRef } from '../model/model-manifest.js';

/** Image of a prediction in the object store. */
export interface KeptImage {
  readonly bucket: string;
  readonly key: string;
  readonly sha256: string;
  /** Size in pixels as displayed. */
  readonly width: number;
  readonly height: number;
}

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
  /** The kept image; absent if it was not kept. */
  readonly picture?: KeptImage;
  /** Whether the prediction belongs to the audit sample; chosen before its result is known. */
  readonly audit?: true;
  /** Experiment that the prediction takes part in, and the arm that answered. */
  readonly experiment?: { readonly id: string; readonly arm: ArmName };
  /** Hash of the key that keeps a request in its arm; absent outside of a split. */
  readonly subject?: string;
}

/** A record with its id. */
export type IdentifiedPrediction = ImagePredictionRecord & { readonly prediction_id: string };

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
  /** Name of the person's API key; absent without keys. */
  readonly by?: string;
  readonly time: Date;
}

/** Prediction with its feedback, oldest first. */
export interface LoggedPrediction extends ImagePredictionRecord {
  readonly prediction_id: string;
  readonly feedback: readonly Feedback[];
}

/** Selects predictions of one page. */
export interface PredictionQuery {
  readonly limit: number;
  /** Only predictions that are older than the one with this id. */
  readonly before?: string | undefined;
  /** Only predictions since this time. */
  readonly since?: Date | undefined;
  /** Only predictions of the audit sample. */
  readonly audit?: true | undefined;
  /** Only predictions with a lower confidence. */
  readonly belowConfidence?: number | undefined;
  /** Only predictions of the experiment with this id. */
  readonly experiment?: string | undefined;
}

/** Key and time of a prediction of an experiment. */
export type ArmPrediction = Pick<
  ImagePredictionRecord,
  'experiment' | 'subject' | 'prediction_time'
>;

/** Log of predictions of single images. */
export interface PredictionLog {
  /** Resolves with the ids of the predictions, in their order. */
  add(predictions: readonly ImagePredictionRecord[]): Promise<readonly string[]>;
  /** Undefined if the prediction does not exist. */
  find(predictionId: string): Promise<ImagePredictionRecord | undefined>;
  /** The prediction with its feedback; undefined if it does not exist. */
  findLogged(predictionId: string): Promise<LoggedPrediction | undefined>;
  addFeedback(feedback: Feedback): Promise<void>;
  /** The newest first; fewer than the limit only at the end. */
  list(query: PredictionQuery): Promise<LoggedPrediction[]>;
  /** Those with feedback, the newest first; fewer than the limit only at the end. */
  listWithFeedback(page: Pick<PredictionQuery, 'limit' | 'before'>): Promise<LoggedPrediction[]>;
  /** The newest predictions of an experiment. */
  listOfExperiment(experimentId: string, limit: number): Promise<ArmPrediction[]>;
  ensureIndexes(): Promise<void>;
  close(): Promise<void>;
}

/** Log in a store, to which a record can be added again. */
export interface StoredPredictionLog extends PredictionLog {
  /** Adds records; those whose id exists are left as they are. */
  insert(predictions: readonly IdentifiedPrediction[]): Promise<void>;
}

/** Pattern of prediction ids. */
export const PREDICTION_ID = /^[0-9a-f]{24}$/;
