import type { BaseModel } from '../retrain/retrain.js';

/** Version of a data set. */
export interface DatasetRef {
  readonly name: string;
  readonly version: number;
  readonly sha256: string;
}

/** Retraining that made a version of a model. */
export interface RetrainOrigin {
  readonly retrain_id: string;
  readonly base: BaseModel;
  readonly dataset: DatasetRef;
  readonly promoted: boolean;
  /** Who decided: a person, `rule` or `deadline`. */
  readonly decided_by: string;
  /** ISO 8601. */
  readonly closed_at: string;
}

/** What the items of a data set were made from. */
export interface DatasetOrigin extends DatasetRef {
  readonly images: number;
  /** Images by the people whose feedback they have; feedback without an API key is `null`. */
  readonly people: readonly { readonly by: string | null; readonly images: number }[];
  /** Images of predictions of the API. */
  readonly predictions: number;
  /** Images that were imported. */
  readonly imports: number;
  /** Jobs of the frames, those with the most first. */
  readonly jobs: readonly { readonly event_id: string; readonly frames: number }[];
}

/** Where a version of a model comes from, and what was made from it. */
export interface ModelLineage {
  readonly model: BaseModel;
  /** Retrainings that made it, the newest first; none for a model that was added. */
  readonly retrainings: readonly RetrainOrigin[];
  /** Data sets of these retrainings that still exist. */
  readonly datasets: readonly DatasetOrigin[];
  /** Versions that were trained from it. */
  readonly descendants: readonly (BaseModel & { readonly retrain_id: string })[];
}

/** A version of a data set that has items of an image or of a job. */
export interface DatasetUse extends DatasetRef {
  readonly items: number;
  /** Versions of models that were trained and judged with it. */
  readonly models: readonly (BaseModel & { readonly retrain_id: string })[];
}
