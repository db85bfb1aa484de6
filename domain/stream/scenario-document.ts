import type { ModelRef } from '../model/model-manifest.js';
import type { ScenarioOutcome, SealedScenario } from './scenario-contracts.js';

/** End of a scenario. */
export interface ScenarioEnd {
  readonly state: 'stopped' | 'ended';
  readonly ended_at: Date;
  /** Reason of a failure; null without one. */
  readonly error: string | null;
  /** Null if the account could not be made. */
  readonly outcome: ScenarioOutcome | null;
}

/**
 * A scenario in the collection `scenarios`. Its workflow owns it: a document without an end whose
 * workflow is closed belongs to a scenario that was terminated.
 */
export interface ScenarioDocument {
  readonly scenario_uuid: string;
  readonly scenario: SealedScenario;
  /** Protocol and host of the camera, or the URL of a file. */
  readonly camera: string;
  /** Identity of the camera and parameters: `scenarioFingerprint`. */
  readonly fingerprint: string;
  readonly model: ModelRef;
  /** First run of the workflow. */
  readonly run_id: string;
  readonly created_at: Date;
  /** Null while it runs or is paused. */
  readonly end: ScenarioEnd | null;
  /** Row after which sightings are made, and whether those of the whole log are stored. */
  readonly sightings?: { readonly after: number; readonly done: boolean };
}

/** A camera in the collection `cameras`. */
export interface CameraDocument {
  readonly camera_id: string;
  /** Protocol and host of the camera, or the URL of a file. */
  readonly camera: string;
  /** The URL with its credentials, sealed with VIDETTE_CAMERA_KEY for this `camera_id`. */
  readonly sealed: string;
  /** Scenario that was deployed with the URL itself; null for a camera that was added. */
  readonly scenario_uuid: string | null;
  readonly updated_at: Date;
}
