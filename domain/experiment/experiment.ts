import type { ModelRef } from '../model/model-manifest.js';

/**
 * How the challenger runs: in the shadow of the champion, on images that the champion has answered, or on
 * requests of its own.
 */
export const EXPERIMENT_MODES = ['shadow', 'split'] as const;
export type ExperimentMode = (typeof EXPERIMENT_MODES)[number];

/** What keeps a request in its arm; without the first two, the image does. */
export const ASSIGNMENT_KEYS = ['header', 'api-key', 'image'] as const;
export type AssignmentKey = (typeof ASSIGNMENT_KEYS)[number];

export const EXPERIMENT_STATUSES = ['running', 'stopped', 'decided'] as const;
export type ExperimentStatus = (typeof EXPERIMENT_STATUSES)[number];

export const ARMS = ['champion', 'challenger'] as const;
export type ArmName = (typeof ARMS)[number];

/** One of the two versions that an experiment compares. */
export interface Arm {
  readonly model: ModelRef;
  /**
   * Share of the predictions that the version runs on, 0 to 1. The champion of a shadow experiment runs
   * on all of them.
   */
  readonly share: number;
}

/** Decision about the challenger of an experiment. */
export interface ExperimentDecision {
  readonly promote: boolean;
  readonly by: string;
  readonly reason: string;
  readonly at: Date;
  /** Odds of the evidence at that time, to 1. */
  readonly evidence: number;
}

/** Counts of an experiment, which API processes add up. */
export interface ExperimentCounts {
  /** Predictions of each arm that succeeded. */
  readonly predictions: Readonly<Record<ArmName, number>>;
  /** Predictions of each arm that failed for a reason that is not the image's. */
  readonly errors: Readonly<Record<ArmName, number>>;
  /** Images on which both arms have the same best class, and those on which they differ. */
  readonly agreed: number;
  readonly differed: number;
  /** Images that the challenger did not run on because its queue was full. */
  readonly dropped: number;
}

/** Comparison of two versions of a model on the predictions of images. */
export interface Experiment {
  readonly experiment_id: string;
  /** Name of the model; it has at most one running experiment. */
  readonly serves: string;
  readonly mode: ExperimentMode;
  readonly arms: Readonly<Record<ArmName, Arm>>;
  readonly key: AssignmentKey;
  readonly status: ExperimentStatus;
  readonly by: string;
  readonly started_at: Date;
  readonly ended_at: Date | null;
  readonly decision: ExperimentDecision | null;
  readonly counts: ExperimentCounts;
}

/** Answer of the challenger of a shadow experiment for an image that the champion has answered. */
export interface ShadowPrediction {
  readonly prediction_id: string;
  readonly experiment_id: string;
  readonly model: ModelRef;
  /** Best class; null if the challenger failed. */
  readonly predicted_class: string | null;
  /** 0 to 1; 0 if the challenger failed. */
  readonly confidence: number;
  /** Seconds of inference alone; 0 if the challenger failed. */
  readonly inference_s: number;
  readonly time: Date;
}

export const NO_COUNTS: ExperimentCounts = {
  predictions: { champion: 0, challenger: 0 },
  errors: { champion: 0, challenger: 0 },
  ...{ agreed: 0, differed: 0, dropped: 0 },
};
