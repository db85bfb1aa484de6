import type { CorrectedObject } from './corrected-objects.js';

/** Correct objects of a frame of a job, as one person sees them. */
export interface FrameFeedback {
  readonly event_id: string;
  readonly frame_id: number;
  /** Complete list of objects in pixels of the displayed frame. */
  readonly objects: readonly CorrectedObject[];
  readonly comment?: string;
  /** Name of the person's API key; null without keys. */
  readonly by: string | null;
  readonly time: Date;
}

/** Place of a feedback in the list of a job, which is sorted by frame and then by person. */
export type FrameFeedbackPosition = Pick<FrameFeedback, 'frame_id' | 'by'>;
