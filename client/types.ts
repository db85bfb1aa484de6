import type { JobInput, JobRequest, Parameters } from '../domain/job/job-input.js';
import type { JobStatus } from '../domain/job/job-status.js';
import type { ModelManifest, ModelRef } from '../domain/model/model-manifest.js';
import type { Progress } from '../domain/job/progress.js';
import type { DeviceUse } from '../domain/job/activity-contracts.js';
import type { ResultSummary } from '../domain/result/result.js';

/** A video in the object store, a local file, or a URL to download. */
export type VideoInput =
  { readonly video_id: string } | { readonly path: string } | { readonly url: string };

/** Input of a job without the video and the fields that the client sets. */
export type DetectionOptions = Omit<
  JobRequest,
  'video_id' | 'event_id' | 'rerun_of' | 'derived_from'
>;

export interface SubmitOptions extends DetectionOptions {
  /** Default: derived from video, model and parameters. */
  readonly event_id?: string;
  /** Starts a new job with a new event id even if the same one exists. */
  readonly force?: boolean;
  /** 1 (highest) to 5 (lowest); default: 3. */
  readonly priority?: number;
  readonly signal?: AbortSignal;
  readonly onIngest?: OnIngest;
}

/** Called for each step of ingesting a file or URL before its job starts. */
export type OnIngest = (step: {
  readonly step: 'downloading' | 'hashing' | 'uploading';
  readonly name: string;
  readonly bytes: number | null;
}) => void;

/** A submitted job; `started` is false if it existed already. */
export interface Submitted {
  readonly event_id: string;
  readonly video_id: string;
  readonly workflow_id: string;
  readonly run_id: string;
  readonly started: boolean;
}

/** Progress of a job. */
export interface JobProgress extends Omit<Progress, 'started_at'> {
  readonly event_id: string;
  readonly status: JobStatus;
  /** ISO 8601. */
  readonly started_at: string;
  /** Reason why Temporal cannot continue a job that is open. */
  readonly error?: JobError;
}

/** A job as listed; null means unknown, or not known yet. */
export interface Job {
  readonly event_id: string;
  readonly video_id: string | null;
  /** Original name of the video's file. */
  readonly video_name: string | null;
  readonly status: JobStatus;
  /** Null until the job has pinned its model. */
  readonly model: ModelRef | null;
  /** Options that can change the result; null until the job has checked them. */
  readonly parameters: Parameters | null;
  /** Requested device. */
  readonly device: JobInput['device'] | null;
  /** Null until the job has counted its frames, which it does at its end. */
  readonly counts: JobCounts | null;
  readonly workflow_id: string | null;
  readonly run_id: string | null;
  /** ISO 8601. */
  readonly started_at: string | null;
  readonly closed_at: string | null;
  /** From start to close, or until now. */
  readonly seconds: number | null;
  readonly error: JobError | null;
  readonly result: { readonly bucket: string; readonly key: string } | null;
}

/** Counts of a job that has ended. */
export interface JobCounts {
  /** Sampled frames that were detected. */
  readonly frames: number;
  readonly skipped: number;
  /** Detections in all frames. */
  readonly objects: number;
}

export interface JobError {
  /** One of `ERROR_CODES`. */
  readonly code: string;
  readonly message: string;
}

/** A job with its progress. */
export interface JobDetails extends Job {
  readonly progress: JobProgress | null;
  readonly rerun_of: string | null;
}

/** Header and summary of a result, without its frames. */
export interface ResultOverview extends ResultSummary {
  readonly event_id: string;
  readonly video_id: string;
  readonly status: JobStatus;
  readonly model: ModelRef;
  readonly device: DeviceUse;
  readonly parameters: Omit<DetectionOptions, 'model' | 'device' | 'bucket'> &
    Pick<JobRequest, 'derived_from'>;
  readonly bucket: string;
  readonly frame_count: number;
  readonly rerun_of: string | null;
}

/** Selects a page of a list. */
export interface PageOptions {
  /** Maximum number of entries; default: 20. */
  readonly limit?: number;
  /** `next` of the previous page. */
  readonly cursor?: string | undefined;
}

/** Stored video. */
export interface Video {
  readonly video_id: string;
  /** Original name of the file; null if it is unknown. */
  readonly name: string | null;
  /** Bytes. */
  readonly size: number;
  /** What its newest job with a result has; null if it has none. */
  readonly detected: DetectedVideo | null;
}

/** What the newest job with a result has of a video. */
export interface DetectedVideo {
  readonly event_id: string;
  /** ISO 8601: start of the job. */
  readonly detected_at: string;
  /** Classes of the objects, the most frequent first. */
  readonly classes: readonly string[];
  readonly sightings: number;
  /** Frame with the most objects; null if no frame was detected. */
  readonly poster_frame: number | null;
  /** Null if the frame rate is unknown. */
  readonly duration_ms: number | null;
  readonly width: number;
  readonly height: number;
}

/** Orders of the list of videos: all by their id, or those with a result, the newest job first. */
export const VIDEO_ORDERS = ['name', 'newest'] as const;

export interface VideoPageOptions extends PageOptions {
  /** Default: `name`. */
  readonly order?: (typeof VIDEO_ORDERS)[number] | undefined;
}

/** Stored videos, and the cursor of the next page; null on the last one. */
export interface VideoPage {
  readonly videos: readonly Video[];
  readonly next: string | null;
}

/** Model of the catalogue. */
export interface Model extends ModelRef {
  readonly task: ModelManifest['task'];
  /** By class id. */
  readonly classes: readonly string[];
  readonly licence: string;
  readonly source: string;
  readonly size_bytes: number;
  /** Whether jobs that name no model use it. */
  readonly is_default: boolean;
  /** Aliases that refer to it. */
  readonly aliases: readonly string[];
}

/** Models, and the cursor of the next page; null on the last one. */
export interface ModelPage {
  readonly models: readonly Model[];
  readonly next: string | null;
}

/** A downloaded file. */
export interface Downloaded {
  readonly path: string;
  /** File name according to the URL or its server. */
  readonly name: string;
}

/** Downloads a URL from a user into a folder; must refuse URLs of internal networks. */
export type Download = (
  url: string,
  options: {
    readonly folder: string;
    readonly signal?: AbortSignal;
    readonly onBytes?: (done: number, total: number | null) => void;
  },
) => Promise<Downloaded>;
