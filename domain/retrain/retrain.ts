import type { DatasetTask } from '../dataset/dataset-item.js';
import type { ModelManifest } from '../model/model-manifest.js';
import type { Comparison, Gate, Verdict } from './gate.js';
import type { RetrainInput, Trainer } from './retrain-request.js';

/** Name and query of the workflow, a contract with Temporal's own tools. */
export const RETRAIN_MODEL = 'RetrainModel';
/** Name of the workflow that schedules start. */
export const SCHEDULED_RETRAINING = 'ScheduledRetraining';
/** Update that decides about a challenger. */
export const DECIDE_UPDATE = 'decide';

/** Version of a model that is trained further. */
export interface BaseModel {
  readonly name: string;
  readonly version: number;
  readonly sha256: string;
}

/** Version of a data set and where its items are. */
export interface TrainingSet {
  readonly name: string;
  readonly version: number;
  readonly bucket: string;
  readonly key: string;
  readonly sha256: string;
}

/** Result of the activity `openRetrain`. */
export interface OpenedRetrain {
  /** The same data set, base, trainer and parameters have the same id. */
  readonly retrain_id: string;
  readonly base: BaseModel;
  readonly task: DatasetTask;
  readonly dataset: TrainingSet;
  readonly trainer: Trainer;
  readonly params: RetrainInput['params'];
  readonly limits: RetrainInput['limits'];
  readonly gate: Gate;
  readonly decide: RetrainInput['decide'];
  readonly decide_within_s: number;
  readonly min_new: number;
  /** Images that are new or changed since the data set of the base; null if `min_new` is 0. */
  readonly new_images: number | null;
  readonly by: string | null;
}

/** Input of the activity `trainModel`. */
export interface TrainModelInput extends Pick<
  OpenedRetrain,
  'retrain_id' | 'task' | 'dataset' | 'base' | 'trainer' | 'params' | 'limits'
> {
  /** Prefix of the keys of everything that is stored. */
  readonly out: string;
}

/** A model that is not in the catalogue. */
export interface TrainedModel {
  /** Key of the ONNX file in the bucket of results. */
  readonly key: string;
  readonly sha256: string;
  readonly size_bytes: number;
  readonly manifest: Omit<ModelManifest, 'version'>;
  /** Scores that the trainer reports. */
  readonly metrics: Readonly<Record<string, number | null>>;
}

/** Result of the activity `trainModel`. */
export interface TrainModelOutput extends TrainedModel {
  /** Seconds of the last attempt. */
  readonly seconds: number;
  readonly attempt: number;
  /** Step of the checkpoint from which the last attempt continued; null if it started from the base. */
  readonly resumed_from: number | null;
}

/** Details of the heartbeats of `trainModel`. */
export interface TrainHeartbeat {
  /** Prefix of the keys of the newest checkpoint; null before the first one of the attempt. */
  readonly checkpoint: string | null;
  readonly step: number;
  readonly of: number;
  readonly loss: number | null;
}

/** Input of the activity `evaluateModel`: a version of the catalogue, or a trained model. */
export interface EvaluateModelInput {
  readonly retrain_id: string;
  readonly task: DatasetTask;
  readonly dataset: TrainingSet;
  readonly model: BaseModel | TrainedModel;
}

/** Result of the activity `evaluateModel`. */
export interface EvaluatedModel {
  /** Key of the answers in the bucket of results. */
  readonly key: string;
  readonly images: number;
  readonly failed: number;
  /** CPU milliseconds of the fastest image, with decoding. */
  readonly ms_per_image: number;
}

/** Input of the activity `judgeModel`. */
export interface JudgeModelInput {
  readonly task: DatasetTask;
  readonly champion: EvaluatedModel;
  readonly challenger: EvaluatedModel;
  readonly gate: Gate;
}

/** Result of the activity `judgeModel`. */
export interface JudgedModel {
  readonly comparison: Comparison;
  readonly verdict: Verdict;
}

/** Decision about a challenger. */
export interface Decision {
  readonly promote: boolean;
  /** Who decided: a person, `rule` or `deadline`. */
  readonly by: string;
  readonly reason: string | null;
}

/** Input of the activity `awaitPromotion`: a version of a model. */
export type AwaitPromotionInput = BaseModel;

/** A promotion by anything other than the retraining itself. */
export type Promotion = Pick<Decision, 'by' | 'reason'>;

/** Input of the activity `publishChallenger`. */
export interface PublishChallengerInput {
  readonly retrain_id: string;
  readonly dataset: TrainingSet;
  readonly trained: TrainedModel;
  readonly by: string | null;
}

/** Input of the activity `closeRetrain`. */
export interface CloseRetrainInput {
  readonly retrain_id: string;
  readonly base: BaseModel;
  readonly dataset: TrainingSet;
  readonly trained: TrainedModel;
  readonly judged: JudgedModel;
  /** Version of the challenger; null if it did not pass the gate. */
  readonly version: number | null;
  readonly decision: Decision;
  /** Whether the challenger was promoted elsewhere: the champion is not moved. */
  readonly elsewhere?: boolean;
}

export const RETRAIN_STAGES = [
  ...(['opening', 'training', 'evaluating', 'publishing'] as const),
  ...(['waiting', 'closing', 'done'] as const),
] as const;

export type RetrainStage = (typeof RETRAIN_STAGES)[number];

/**
 * Ends of a retraining; `promoted-elsewhere` if its challenger became the champion while it waited for a
 * decision, `not-enough` if there are fewer new images than `min_new`.
 */
export const RETRAIN_OUTCOMES = [
  ...(['promoted', 'promoted-elsewhere', 'not-promoted', 'not-enough'] as const),
] as const;
export type RetrainOutcome = (typeof RETRAIN_OUTCOMES)[number];

/** Result of the query `progress`, and of the workflow. */
export interface RetrainProgress {
  readonly stage: RetrainStage;
  /** Null until it has ended. */
  readonly outcome: RetrainOutcome | null;
  /** Null until the request is checked, as all facts before they are known. */
  readonly retrain_id: string | null;
  readonly base: BaseModel | null;
  readonly dataset: Pick<TrainingSet, 'name' | 'version' | 'sha256'> | null;
  /** Number of new images, and how many are required; null if none are. */
  readonly new_images: { readonly count: number; readonly required: number } | null;
  readonly trained: {
    readonly sha256: string;
    readonly attempt: number;
    readonly resumed_from: number | null;
    readonly metrics: TrainedModel['metrics'];
  } | null;
  readonly comparison: Comparison | null;
  readonly verdict: Verdict | null;
  /** Version of the challenger in the catalogue. */
  readonly version: number | null;
  /** Version of the challenger in MLflow; null if it is not registered there. */
  readonly mlflow_version: number | null;
  /** Time at which an undecided challenger is not promoted, ISO 8601. */
  readonly decide_until: string | null;
  readonly decision: Decision | null;
}

/** Progress before the request is checked. */
export const NEW_RETRAIN: RetrainProgress = {
  ...{ stage: 'opening', outcome: null, retrain_id: null, base: null, dataset: null },
  ...{ new_images: null, trained: null },
  ...{ comparison: null, verdict: null, version: null, mlflow_version: null },
  ...{ decide_until: null, decision: null },
};
