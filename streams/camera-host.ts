import type { LocalModel } from '../domain/ports/model-registry.js';
import type { Absence } from '../domain/stream/absence.js';
import type { LogEntry } from '../domain/stream/entry.js';
import type { LogEnd } from '../domain/stream/ledger.js';
import type { StreamLoad, StreamStatus } from '../domain/stream/scenario-contracts.js';
import type { ScenarioInput } from '../domain/stream/scenario-input.js';
import type { UnitSource } from './units.js';

/** The cameras of a worker: one process for each scenario, which outlives the attempts to watch it. */
export interface CameraHost {
  /**
   * Attaches to the running camera of a scenario, without a new connection, or starts it.
   * Continues the log under `epoch`.
   * @throws AppError `SCENARIO_TAKEN_OVER` if a newer epoch owns the log.
   */
  attach(options: AttachOptions): Promise<CameraAttachment>;
  /** Whether the camera of a scenario runs, or its files are in use. */
  isOpen(scenarioUuid: string): boolean;
  /** Ends all cameras. What is not stored stays in the journals of this host. */
  close(): Promise<void>;
}

export interface AttachOptions {
  readonly scenario: ScenarioInput;
  /** URL of the camera, with its credentials: a secret. */
  readonly cameraUrl: string;
  /** Epoch of this attempt, as `epochOf` returns it. */
  readonly epoch: string;
  /** Start of the scenario in ms since 1970. */
  readonly startedAt: number;
  readonly model: LocalModel;
  /**
   * Causes of the time since the end of the log, in order; `worker_lost` if there are none. They do
   * not count for a camera that is running.
   */
  readonly absences?: readonly Absence[];
  /** Aborts the attachment while it is made. */
  readonly signal: AbortSignal;
}

/**
 * Reason for the end of an attachment. `hand_over` leaves the camera running for the next attempt;
 * the others close it, and account for the time until then. `yielded` gives the slot of a camera that
 * is away to another one: the time counts with the gap of its state.
 */
export type DetachReason = 'hand_over' | 'paused' | 'stopped' | 'yielded';

/** One attempt to watch a camera. */
export interface CameraAttachment {
  status(): StreamStatus;
  load(): StreamLoad;
  /**
   * Resolves when the file of the scenario has ended, and all of it is part of the log. Rejects with
   * an AppError if the log was taken over or the input is wrong.
   */
  readonly ended: Promise<void>;
  /** Returns the end of the log. Further calls return the same. */
  detach(reason: DetachReason): Promise<LogEnd>;
  /** Applies new parameters, without a new connection to the camera. */
  configure(scenario: ScenarioInput, model: LocalModel): Promise<void>;
  /** Calls back with entries as they become part of the log. Returns a function that ends this. */
  follow(onEntries: (entries: readonly LogEntry[]) => void): () => void;
  /**
   * Calls back with entries as they are made. They are for viewers alone: they may never become part of
   * the log, or be others there. Returns a function that ends this.
   */
  followMade(onEntries: (entries: readonly LogEntry[]) => void): () => void;
  /** Returns the newest image of the camera; undefined if it has sent none. */
  latestJpeg(): Promise<Buffer | undefined>;
  /**
   * Coded frames. Of files and containers, whose coded frames are not available: JPEGs of the frames
   * that are detected, in the size of the model.
   */
  readonly units: UnitSource;
  /** Frames per second that are detected. */
  readonly fps: () => number;
}
