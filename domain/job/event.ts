import type { JobInput, Parameters } from './job-input.js';
import type { JobStatus } from './job-status.js';
import type { ModelRef } from '../model/model-manifest.js';
import type { Device } from './task-queues.js';
import type { Size } from '../result/detection.js';

/** What is shown of a video that has a result. */
export interface IndexedResult {
  readonly sightings: number;
  /** Frame with the most objects; null if no frame was detected. */
  readonly poster_frame: number | null;
  /** Length of the video in milliseconds; null if its frame rate is unknown. */
  readonly duration_ms: number | null;
  /** Size in pixels. */
  readonly size: Size;
  /** Size of the file in bytes. */
  readonly bytes: number;
}

/** Document of collection `events`, `_id` = event_id: one per job, kept after Temporal forgets. */
export interface EventDocument {
  readonly event_id: string;
  readonly video_id: string;
  readonly bucket: string;
  readonly status: JobStatus;
  readonly frames_total: number | null;
  readonly frames_done: number;
  readonly result: { readonly bucket: string; readonly key: string } | null;
  readonly error: string | null;
  readonly created_at: Date;
  readonly ready_at: Date | null;
  /** Time at which the job became ready, failed or was cancelled. */
  readonly closed_at: Date | null;
  /** SHA-256 over the video's etag, what the model does (its bytes and their reading), the parameters. */
  readonly fingerprint: string;
  readonly video_etag: string;
  /** Original name of the video's file; null if it is unknown, missing in older events. */
  readonly video_name?: string | null;
  readonly model: ModelRef;
  readonly parameters: Parameters;
  /** The device that was asked for. */
  readonly device: JobInput['device'];
  readonly rerun_of: string | null;
  /** The run that the job began with: steps of an older job change nothing any more. */
  readonly run_id: string;
  readonly workflow_id: string;
  /** Counts of the finished job, so that asking again for it reads one document. */
  readonly skipped: number | null;
  readonly objects: number | null;
  /** Classes of the detected objects; missing until the result is assembled, and in older events. */
  readonly classes?: readonly string[];
  /** Present when the sightings of the result are stored. */
  readonly indexed?: IndexedResult;
  /** Frames that each device detected. */
  readonly device_used: Partial<Record<Device, number>>;
}

/** Document of collection `runner_predictions`, `_id` = `{event_id}/{frame_id}`. */
export interface PredictionDocument {
  readonly _id: string;
  readonly event_id: string;
  readonly frame_id: number;
  /** Bucket of the frame object. */
  readonly bucket: string;
  readonly prediction: {
    readonly frame: number;
    /** As in a row of the result. */
    readonly same_as?: number;
    readonly objects: readonly { class: string; box: readonly number[]; conf: number }[];
  };
}
