import type { ModelRef } from '../model/model-manifest.js';
import type { OwnerRun } from '../job/activity-contracts.js';
import type { Size } from '../result/detection.js';
import type { GapSeconds } from './account.js';
import type { GapReason } from './gap.js';
import type { LogEnd } from './ledger.js';
import type { DesiredState } from './scenario-control.js';
import type { ScenarioInput } from './scenario-input.js';
import type { StreamState } from './stream-state.js';

/** A checked scenario whose camera is stored sealed: it may be in histories and documents. */
export interface SealedScenario extends Omit<ScenarioInput, 'camera_url'> {
  readonly camera_id: string;
}

/** Fields of a scenario that a change may contain; the others need a new scenario. */
export const CHANGEABLE_FIELDS = [
  ...(['camera_id', 'fps', 'conf', 'iou', 'max_det', 'classes', 'model', 'device'] as const),
  ...(['gate', 'zones', 'record', 'notify', 'alerts', 'keep_days'] as const),
  ...(['yield_after_s', 'max_lag_ms'] as const),
] as const;

/** New values of fields; null removes an optional one. */
export type ScenarioChange = {
  readonly [Field in (typeof CHANGEABLE_FIELDS)[number]]?: SealedScenario[Field] | null;
};

/** Answer of the query `status`. */
export interface ScenarioStatus {
  readonly desired: DesiredState;
  /** Instant at which `desired` was changed last, in ISO 8601. */
  readonly since: string;
  /** Start of the scenario, in ISO 8601. */
  readonly started_at: string;
  /** Undefined until the input has been checked. */
  readonly scenario: SealedScenario | undefined;
  readonly model: ModelRef | undefined;
}

/** State of a running scenario. */
export interface StreamStatus {
  readonly state: StreamState;
  /** Instant at which the state began, in ISO 8601 with milliseconds. */
  readonly since: string;
  /** What happened and what to do; without secrets. */
  readonly message: string;
  /** Number of the last row; 0 for none. */
  readonly frame_number: number;
  /** Rows per second, in the last 10 seconds. */
  readonly fps: number;
  /** Milliseconds from the arrival of the last frame to its row. */
  readonly lag_ms: number;
}

/** Work of a running camera that is late or was left out. */
export interface StreamLoad {
  /** Rows that were made and are not stored yet. */
  readonly rows_behind: number;
  /** Frames that were dropped since this worker runs the camera, because it is too slow. */
  readonly frames_dropped: number;
}

/** Heartbeat details of a running camera; without its load while it is being attached. */
export interface StreamHeartbeat extends StreamStatus, Partial<StreamLoad> {
  /** Size of the frames in pixels, to which boxes refer; null before the first one. */
  readonly frame_size: Size | null;
  /** URL of the worker's internal server, without a slash at its end. */
  readonly address: string;
}

export interface OpenScenarioInput extends OwnerRun {
  /** As it was given to the workflow. */
  readonly request: unknown;
  /** Start of the workflow, in ISO 8601. */
  readonly started_at: string;
}

/** Everything about a scenario that is decided when it starts or changes. */
export interface OpenedScenario {
  readonly scenario: SealedScenario;
  readonly model: ModelRef;
  /** Number of the first free window: epochs of earlier ones may be in the log. */
  readonly window: number;
  /**
   * Start of its account, in ISO 8601: that of the workflow, or the end of the log that it continues.
   * A log may end later than now, because a file that is read fast has the times of its frames.
   */
  readonly account_from: string;
  /** Whether Temporal has the search attribute of the state. */
  readonly indexes_state?: boolean;
}

/** A scenario with its model, as the camera's activity needs it. */
export type ChangedScenario = Pick<OpenedScenario, 'scenario' | 'model'>;

export interface ChangeScenarioInput extends OwnerRun, ChangedScenario {
  readonly change: ScenarioChange;
}

export interface WatchInput extends ChangedScenario {
  /** Number of this activity among those of the scenario: with the attempt, its epoch. */
  readonly window: number;
  /** Start of the scenario, in ISO 8601. */
  readonly started_at: string;
  /** Reason for the time from the end of the log until this activity was scheduled. */
  readonly absence: GapReason;
}

/** End of a window: of its day, of the file, or by a signal or change of the scenario. */
export interface WatchedWindow extends LogEnd {
  readonly end: 'day' | 'file' | 'detached';
  /** Queue of the host in which the camera may still be running. */
  readonly host_queue: string;
}

export interface CloseScenarioInput extends OwnerRun {
  readonly scenario_uuid: string;
  /** Start of the account, in ISO 8601. */
  readonly account_from: string;
  readonly state: 'stopped' | 'ended';
  /** Reason of a failure; null without one. */
  readonly error: string | null;
}

/** Result of a scenario: its account from its start. */
export interface ScenarioOutcome {
  readonly scenario_uuid: string;
  readonly state: 'stopped' | 'ended';
  readonly frames: number;
  readonly seen_s: number;
  /** Seconds by the reason of their gap. */
  readonly gaps: GapSeconds;
  readonly from: string;
  readonly to: string;
}
