import type { CameraDocument, ScenarioDocument } from '../stream/scenario-document.js';

/** Place of a scenario in the list, which is sorted by time and then by id, both descending. */
export type ScenarioPosition = Pick<ScenarioDocument, 'scenario_uuid' | 'created_at'>;

/** Scenarios of cameras. */
export interface ScenarioStore {
  /** Stores a scenario that starts; one that had its id before is replaced. */
  put(scenario: ScenarioDocument): Promise<void>;
  /** Updates a scenario if it belongs to this run; returns whether it does. */
  update(
    scenarioUuid: string,
    runId: string,
    fields: Partial<Omit<ScenarioDocument, 'scenario_uuid' | 'run_id'>>,
  ): Promise<boolean>;
  find(scenarioUuid: string): Promise<ScenarioDocument | undefined>;
  /** Scenarios after a place, newest first. */
  list(page: {
    readonly limit: number;
    readonly after?: ScenarioPosition | undefined;
  }): Promise<ScenarioDocument[]>;
  remove(scenarioUuid: string): Promise<void>;
}

/** Cameras with sealed URLs. */
export interface CameraStore {
  /** Stores a camera; one with its id is replaced. */
  put(camera: CameraDocument): Promise<void>;
  find(cameraId: string): Promise<CameraDocument | undefined>;
  /** All cameras, sorted by id. */
  list(): Promise<CameraDocument[]>;
  remove(cameraId: string): Promise<void>;
}
