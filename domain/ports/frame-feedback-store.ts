import type { FrameFeedback, FrameFeedbackPosition } from '../result/frame-feedback.js';

/** Feedback on frames of jobs: the latest of each person. It is deleted with its job. */
export interface FrameFeedbackStore {
  /** Stores the feedback of a person on a frame and replaces their earlier one. */
  put(feedback: FrameFeedback): Promise<void>;
  /** Returns a page of the feedback on a job. */
  list(query: {
    readonly eventId: string;
    readonly limit: number;
    /** Only feedback after this place. */
    readonly after?: FrameFeedbackPosition | undefined;
  }): Promise<FrameFeedback[]>;
  /** Returns a page of the feedback on all jobs, by job. */
  listAll(query: {
    readonly limit: number;
    readonly after?: FrameFeedback | undefined;
  }): Promise<FrameFeedback[]>;
}
