/** Limits of recovery: how often a frame or a range that failed is tried before it counts as lost. */
export const RECOVERY_LIMITS = {
  /** Inferences of one frame that may throw before the frame is skipped. */
  inferencesPerFrame: 2,
  /** Lanes that one frame may end, each time among other frames, before it is skipped. */
  lanesPerFrame: 3,
  /**
   * Restarts of a range that has skipped frames and lost its lane because of another range. Handing
   * the range back to Temporal would mean finding those frames again.
   */
  rangeRestarts: 20,
  /** Extractions of one range; more than this is not explained by lost hosts. */
  extractionsPerRange: 20,
} as const;

/** Default share of the sampled frames on which the model may fail before the job fails. */
export const MAX_FAILED = 0.1;
