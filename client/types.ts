import type { JobRequest } from '../domain/job/job-input.js';
import type { JobStatus } from '../domain/job/job-status.js';
import type { ModelRef } from '../domain/model/model-manifest.js';
import type { Progress } from '../domain/job/progress.js';
import type { DeviceUse } from '../domain/job/activity-contracts.js';

/** A video that is in the object store already, a file of this host, or an address to fetch. */
export type VideoInput =
  { readonly video_id: string } | { readonly path: string } | { readonly url: string };

/** Everything of a job's input but the video and what the client itself decides. */
export type DetectionOptions = Omit<JobRequest, 'video_id' | 'event_id' | 'rerun_of'>;

export interface SubmitOptions extends DetectionOptions {
  /** Id of the caller's own; without one it follows from video, model and parameters. */
  readonly event_id?: string;
  /** A new run of the same job, under an event id of its own. */
  readonly force?: boolean;
  /** 1 (first) to 5 (last). */
  readonly priority?: number;
  readonly signal?: AbortSignal;
  readonly onBringIn?: OnBringIn;
}

/** Told what happens to a file or an address before its job starts. */
export type OnBringIn = (step: {
  readonly step: 'downloading' | 'hashing' | 'uploading';
  readonly name: string;
  readonly bytes: number | null;
}) => void;

/** A job that was asked for; `started` is false when it was there before. */
export interface Submitted {
  readonly event_id: string;
  readonly video_id: string;
  readonly workflow_id: string;
  readonly run_id: string;
  readonly started: boolean;
}

/** What the job does now. */
export type JobProgress = Progress & { readonly event_id: string; readonly status: JobStatus };

/** One look at a job; null is what is not known, or not known yet. */
export interface Job {
  readonly event_id: string;
  readonly video_id: string | null;
  readonly status: JobStatus;
  readonly model: string | null;
  readonly workflow_id: string | null;
  readonly run_id: string | null;
  /** ISO 8601. */
  readonly started_at: string | null;
  readonly closed_at: string | null;
  /** From start to close of the workflow, or to now. */
  readonly seconds: number | null;
  readonly error: JobError | null;
  readonly result: { readonly bucket: string; readonly key: string } | null;
}

export interface JobError {
  /** A code of `ERROR_CODES`. */
  readonly code: string;
  readonly message: string;
}

/** A look at a job with what it has counted. */
export interface JobDetails extends Job {
  readonly progress: JobProgress | null;
  readonly rerun_of: string | null;
}

/** Header and summary of a result object, without its frames. */
export interface ResultOverview {
  readonly event_id: string;
  readonly video_id: string;
  readonly status: JobStatus;
  readonly model: ModelRef;
  readonly device: DeviceUse;
  readonly parameters: Omit<DetectionOptions, 'model' | 'device' | 'bucket'>;
  readonly bucket: string;
  readonly frame_count: number;
  readonly rerun_of: string | null;
  readonly frames: number;
  /** Frames that went through the network; only of a job with still scenes. */
  readonly inferred?: number;
  readonly skipped: number;
  readonly objects: number;
  readonly objects_by_class: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
}

/** A file that was fetched. */
export interface Downloaded {
  readonly path: string;
  /** Name that the address or its server gives the file. */
  readonly name: string;
}

/** Fetches an address that a user gave into a folder; guarded against the network behind it. */
export type Download = (
  url: string,
  options: {
    readonly folder: string;
    readonly signal?: AbortSignal;
    readonly onBytes?: (done: number, total: number | null) => void;
  },
) => Promise<Downloaded>;
