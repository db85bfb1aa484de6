import type { BatchDocument } from '../job/batch.js';
import type { ModelRef } from '../model/model-manifest.js';
import type { DiffCounts } from '../result/diff/diff-counts.js';
import type { StoredObject } from '../result/detection.js';
import type { PastKind } from './rescore-request.js';

/** Name of the workflow, a contract with Temporal's own tools. */
export const RESCORE_PAST = 'RescorePast';

/** A rescoring that is open: everything about it that is decided once. */
export interface OpenedRescore {
  readonly rescore_id: string;
  readonly created_at: string;
  /** Model that runs over the past predictions. */
  readonly model: ModelRef;
  /** Model of the past predictions; without a version, all of its versions. */
  readonly of: { readonly name: string; readonly version?: number };
  /** ISO 8601; predictions from this time on. */
  readonly since: string;
  /** ISO 8601; predictions before this time. */
  readonly until: string;
  readonly include: readonly PastKind[];
  /** Minimum confidence of the compared objects of images. */
  readonly conf: number;
}

/** Result of the activity `openRescore`. */
export interface OpenedRescoreRun extends OpenedRescore {
  /** Whether payloads are encrypted: then nothing of them goes into search attributes. */
  readonly sealed?: boolean;
}

/** Past prediction of an image, a line of the list of images. */
export interface PastImage {
  readonly prediction_id: string;
  readonly sha256: string;
  /** Model of the prediction as `name@version`. */
  readonly model: string;
  /** Best class; null if a detector found nothing. */
  readonly class: string | null;
  readonly confidence: number;
  /** Objects; only of a detector. */
  readonly objects?: readonly StoredObject[];
}

/** Past job and the job that runs the other model on its video with the same options. */
export interface PastJob {
  readonly event_id: string;
  readonly video_id: string;
  readonly rescored_event_id: string;
}

/** A past job that is not compared. */
export interface NotCompared {
  readonly event_id: string;
  readonly reason: string;
}

/** Everything that is compared; a rescoring never changes with the predictions made meanwhile. */
export interface PastList {
  /** Number of images. */
  readonly images: number;
  readonly jobs: readonly PastJob[];
  readonly not_compared: readonly NotCompared[];
  /** Batches of the jobs to run, one for each set of options. */
  readonly batches: readonly Pick<BatchDocument, 'batch_id' | 'options' | 'jobs'>[];
}

/** Result of the activity `listPast`. */
export interface ListedPast {
  readonly images: number;
  readonly jobs: number;
  readonly batches: readonly string[];
}

/** Number of images by a class that a model gave them. */
export interface ClassChange {
  /** Images to which the past model gave the class. */
  readonly before: number;
  readonly after: number;
  /** Images to which both gave it. */
  readonly both: number;
}

/** What would have changed in the images. */
export interface ImagesReport {
  readonly total: number;
  readonly compared: number;
  /** Images that could not be predicted, as those that were removed in the meantime. */
  readonly failed: number;
  /** Compared images in which nothing differs. */
  readonly agree: number;
  /** Share of the compared images in which nothing differs; null without any. */
  readonly agreement: number | null;
  /** By best class, those with the most changes first; images without one are not counted. */
  readonly classes: Readonly<Record<string, ClassChange>>;
  /** Differences of the objects, with images as frames; null if a model classifies images. */
  readonly objects: DiffCounts | null;
}

/** What would have changed in the jobs. */
export interface JobsReport {
  readonly total: number;
  readonly compared: number;
  /** Up to 100 of the jobs that were not compared. */
  readonly not_compared: readonly NotCompared[];
  /** Share of the compared frames in which nothing differs; null without any. */
  readonly agreement: number | null;
  /** Differences of the objects over all compared frames. */
  readonly objects: DiffCounts;
}

/** Report of a rescoring, and result of its workflow. */
export interface RescoreReport {
  readonly rescore_id: string;
  readonly images: ImagesReport;
  readonly jobs: JobsReport;
  /** Number of images and frames that differ. */
  readonly cases: number;
}

export const RESCORE_STAGES = [
  ...(['opening', 'listing', 'images', 'jobs', 'comparing', 'done'] as const),
] as const;
export type RescoreStage = (typeof RESCORE_STAGES)[number];

/** Result of the query `progress` of the workflow `RescorePast`. */
export interface RescoreProgress {
  readonly stage: RescoreStage;
  /** Images and jobs of the past; null until they are listed. */
  readonly images: number | null;
  readonly jobs: number | null;
}

export const NEW_RESCORE: RescoreProgress = { stage: 'opening', images: null, jobs: null };
