import type { DEVICES, JobInput, Parameters } from './job-input.js';
import type { JobStatus } from './job-status.js';
import type { ModelRef } from '../model/model-manifest.js';
import type { ClipId, ReelId, RenderKind } from '../names.js';
import type { VideoSource } from '../video/plan.js';
import type { VideoInfo } from '../video/video.js';
import type { PartCounts } from '../result/result.js';
import type { Device } from './task-queues.js';

/** What a job gives back: counts and references, the frames are in the result object. */
export interface JobOutcome {
  readonly event_id: string;
  readonly video_id: string;
  readonly status: JobStatus;
  readonly frames: number;
  readonly skipped: number;
  readonly objects: number;
  readonly device: DeviceUse;
  readonly model: ModelRef;
  readonly result: { readonly bucket: string; readonly key: string };
}

/** The device that was asked for, and the frames that each device detected. */
export interface DeviceUse {
  readonly asked: (typeof DEVICES)[number];
  readonly used: Partial<Record<Device, number>>;
}

/**
 * The run that a job began with: one that continued as new, or that was reset, is still the same job.
 */
export interface OwnerRun {
  readonly first_run_id: string;
}

export interface OpenInput extends OwnerRun {
  /** As it was given to the workflow. */
  readonly request: unknown;
}

/** Result of `openEvent`: everything about a job that is decided once. */
export interface OpenedEvent {
  readonly event_id: string;
  readonly video_id: string;
  readonly source: VideoSource;
  readonly parameters: Parameters;
  readonly model: ModelRef;
  readonly rerun_of: string | null;
  readonly created_at: string;
  readonly device: { readonly asked: JobInput['device']; readonly use: Device };
  /**
   * Whether payloads are encrypted: then nothing of them goes into search attributes. The name is
   * part of the recorded histories of workflows.
   */
  readonly sealed?: boolean;
  /** URL of Vidette's page, without a slash at its end, for links. */
  readonly page_url?: string;
  /** Whether Temporal has the search attributes of results. */
  readonly indexes_result?: boolean;
  /** Whether Temporal has the search attribute of the job that this one repeats. */
  readonly indexes_rerun?: boolean;
  /** Ranges that may be in flight at once. */
  readonly window: number;
  /** Present when the same job was finished before: nothing is left to do. */
  readonly finished?: JobOutcome;
}

export interface ProbeInput {
  readonly event_id: string;
  readonly source: VideoSource;
  readonly parameters: Parameters;
  readonly model: ModelRef;
}

export interface ProbedEvent {
  readonly plan_key: string;
  readonly ranges: number;
  readonly sampled_frames: number;
  /** First frame of each range, then the number of frames; only if there are not too many ranges. */
  readonly bounds?: readonly number[];
  /** Properties of the video that Temporal's Web UI shows; absent in histories of older builds. */
  readonly video?: Pick<VideoInfo, 'size' | 'frame_rate' | 'frame_count'>;
}

/** Input of each step that works on one range. */
export interface RangeInput {
  readonly event_id: string;
  readonly plan_key: string;
  readonly range: number;
}

export interface Extracted {
  /** Queue of the host that holds the raw frames. */
  readonly host_queue: string;
  /** Whether the frames of this range are stored already, so that detection can start. */
  readonly stored: boolean;
  readonly frames: number;
}

/** Input of the step that follows objects through all ranges. */
export type TrackInput = Omit<RangeInput, 'range'>;

/** What {@link TrackInput} found. */
export interface TrackedVideo {
  readonly tracks: number;
}

export interface AssembleInput extends OwnerRun {
  readonly event_id: string;
  readonly video_id: string;
  readonly plan_key: string;
  readonly rerun_of: string | null;
  readonly created_at: string;
  readonly device: DeviceUse;
  /** A cancelled job is assembled from the parts that it has. */
  readonly status: 'ready' | 'cancelled';
}

/** Totals of a result. */
export type ResultCounts = Pick<PartCounts, 'frames' | 'skipped' | 'objects'>;

/** Totals of the assembled result, and the most frequent classes of its objects. */
export interface Assembled extends ResultCounts {
  readonly classes?: readonly string[];
  /** Number of objects of each of the most frequent classes, for Temporal's Web UI. */
  readonly top_classes?: readonly (readonly [name: string, objects: number])[];
}

export interface CloseInput extends OwnerRun {
  readonly event_id: string;
  readonly status: Extract<JobStatus, 'ready' | 'failed' | 'cancelled'>;
  readonly error: string | null;
  /** Absent when there is no result object. */
  readonly counts?: ResultCounts;
  readonly device_used: DeviceUse['used'];
}

export interface RenderInput {
  readonly event_id: string;
  readonly kind: RenderKind;
}

/** The comparison whose differences are rendered. */
export type ReelInput = ReelId;

/** The clip that is rendered. */
export type ClipInput = ClipId;

/** Location of a rendered video. */
export interface RenderedVideo {
  readonly bucket: string;
  readonly key: string;
}

/** Heartbeat details of a render. */
export interface RenderProgress {
  readonly frames_done: number;
  readonly frames_total: number;
}
