import type { JobStatus } from '../job/job-status.js';
import type { Device } from '../job/task-queues.js';
import type { ModelRef } from '../model/model-manifest.js';
import type { LogEntry } from '../stream/entry.js';
import type { StreamState } from '../stream/stream-state.js';

/** A model by its name and version. */
export type ModelVersion = Pick<ModelRef, 'name' | 'version'>;

/** End of one run of ffmpeg: `failed` if it reported an error, `stopped` if a signal or a limit ended it. */
export const FFMPEG_OUTCOMES = ['ok', 'failed', 'crashed', 'stopped', 'hung', 'cancelled'] as const;
export type FfmpegOutcome = (typeof FFMPEG_OUTCOMES)[number];

/** End of the detection of one range; `reused` if its part was stored before. */
export const RANGE_OUTCOMES = ['detected', 'reused', 'failed', 'cancelled'] as const;
export type RangeOutcome = (typeof RANGE_OUTCOMES)[number];

/** Reason for which a lane was replaced; `broken` if it reported that it cannot run another job. */
export const LANE_LOSSES = ['crashed', 'hung', 'broken', 'too_large', 'load_failed'] as const;
export type LaneLoss = (typeof LANE_LOSSES)[number];

/** Counts of frames by what became of them; a still frame has the objects of an earlier one. */
export interface FrameCounts {
  readonly detected: number;
  readonly still: number;
  readonly skipped: number;
}

/** Counts the jobs that end. */
export interface JobMeter {
  /** @param seconds from the creation of the job's event to its end. */
  closed(status: JobStatus, seconds: number): void;
}

/** Counts the ranges and frames of jobs. */
export interface DetectionMeter {
  range(outcome: RangeOutcome): void;
  frames(model: ModelVersion, device: Device, counts: FrameCounts): void;
}

/** Durations and runs that a lane reports. */
export interface LaneMeasures {
  /** Duration of each inference in seconds. */
  readonly inferenceS: readonly number[];
  readonly ffmpegRuns: readonly FfmpegOutcome[];
}

/** Counts what happens in lanes. */
export interface LaneMeter {
  restarted(reason: LaneLoss): void;
  measured(model: ModelVersion, measures: LaneMeasures): void;
}

/** Counts the rows, gaps and states of cameras. */
export interface StreamMeter {
  made(entries: readonly LogEntry[]): void;
  state(state: StreamState): void;
  /** Counts frames that were dropped because the machine is too slow. */
  dropped(frames: number): void;
}
