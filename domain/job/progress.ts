/** Stages of a job, for people; the five statuses are in `job-status.ts`. */
export type Stage =
  'opening' | 'probing' | 'detecting' | 'tracking' | 'assembling' | 'closing' | 'done';

/** Answer of the workflow's query `progress`. */
export interface Progress {
  readonly stage: Stage;
  readonly frames_done: number;
  readonly frames_total: number;
  readonly skipped: number;
  readonly objects: number;
  /** Sampled frames per second since detection started. */
  readonly fps: number;
  /** Seconds that are left, null while unknown. */
  readonly eta_s: number | null;
  /** Milliseconds since the epoch. */
  readonly started_at: number;
}

export const PROGRESS_QUERY = 'progress';
