import type { ModelRef } from '../../domain/model/model-manifest.js';
import type { Size } from '../../domain/result/detection.js';
import type { Account } from '../../domain/stream/account.js';
import type { ScenarioOutcome, SealedScenario } from '../../domain/stream/scenario-contracts.js';
import type { StreamState } from '../../domain/stream/stream-state.js';
import type { TimeBucket } from '../../domain/stream/time-buckets.js';

/** A scenario with the state of its camera. */
export interface Stream {
  readonly scenario_uuid: string;
  /** `worker_id` of the message that deployed it. */
  readonly worker_id: string | number | null;
  readonly state: StreamState;
  /** Instant at which the state began, in ISO 8601; null if it is unknown. */
  readonly since: string | null;
  /** What happened and what to do. */
  readonly message: string;
  /** Number of the last row; null if it is unknown. */
  readonly frame_number: number | null;
  /** Rows per second. */
  readonly fps: number;
  /** Milliseconds from the arrival of the last frame to its row; null without a live camera. */
  readonly lag_ms: number | null;
  /** Size of the frames in pixels, to which boxes refer; null if no camera is live. */
  readonly frame_size: Size | null;
  /** Protocol and host of the camera, or the URL of a file; null before it was checked. */
  readonly camera: string | null;
  /** Null before the input was checked. */
  readonly parameters: SealedScenario | null;
  readonly model: ModelRef | null;
  /** ISO 8601. */
  readonly started_at: string;
  readonly ended_at: string | null;
  /** Account of a scenario that has ended. */
  readonly outcome: ScenarioOutcome | null;
  readonly workflow_id: string;
}

/** Scenarios, newest first, and the cursor of the next page; null on the last one. */
export interface StreamPage {
  readonly streams: readonly Stream[];
  readonly next: string | null;
}

/** A scenario that was deployed; `started` is false if it is running already. */
export interface DeployedStream {
  readonly scenario_uuid: string;
  readonly worker_id: string | number | null;
  readonly started: boolean;
  /** Protocol and host of the camera, or the URL of a file. */
  readonly camera: string;
  readonly workflow_id: string;
}

/** Selects a span of time; default: all. */
export interface TimeRange {
  readonly from?: Date | undefined;
  /** Excluded. */
  readonly to?: Date | undefined;
}

export interface StreamResultsOptions extends TimeRange {
  /** Only rows after this number. */
  readonly after?: number | undefined;
  /** Leaves out everything that is part of the log already. */
  readonly fromEnd?: boolean | undefined;
  /** Whether to continue with new rows until the scenario has ended. */
  readonly follow?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Account of a scenario, with all contradictions in its log. */
export interface StreamAccount extends Account {
  readonly scenario_uuid: string;
  /** None if every second is accounted for once. */
  readonly problems: readonly string[];
}

export interface TimelineOptions extends Required<TimeRange> {
  /** Seconds of a part: whole minutes. */
  readonly step_s: number;
}

/** How much of each part of a span was seen; parts without entries are left out. */
export interface Timeline {
  readonly scenario_uuid: string;
  readonly from: string;
  readonly to: string;
  readonly step_s: number;
  readonly parts: readonly TimeBucket[];
}
