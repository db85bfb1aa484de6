import { expectId, expectScenarioUuid } from '../../domain/names.js';
import type {
  CameraStore,
  ScenarioPosition,
  ScenarioStore,
} from '../../domain/ports/scenario-store.js';
import type { CameraDocument, ScenarioDocument } from '../../domain/stream/scenario-document.js';

/** Scenarios in memory; passes the contract of `test/contracts/document-store.ts`. */
export function createMemoryScenarios(): ScenarioStore {
  const scenarios = new Map<string, ScenarioDocument>();
  return {
    put: async (scenario) => {
      await later();
      scenarios.set(expectScenarioUuid(scenario.scenario_uuid), scenario);
    },
    update: async (scenarioUuid, runId, fields) => {
      await later();
      const stored = scenarios.get(expectScenarioUuid(scenarioUuid));
      if (stored?.run_id !== runId) return false;
      scenarios.set(scenarioUuid, { ...stored, ...fields });
      return true;
    },
    find: async (scenarioUuid) => {
      await later();
      return scenarios.get(expectScenarioUuid(scenarioUuid));
    },
    list: async ({ limit, after }) => {
      await later();
      return [...scenarios.values()]
        .filter((scenario) => !after || compareScenarios(scenario, after) > 0)
        .sort(compareScenarios)
        .slice(0, limit);
    },
    remove: async (scenarioUuid) => {
      await later();
      scenarios.delete(expectScenarioUuid(scenarioUuid));
    },
  };
}

/** Cameras in memory; passes the contract of `test/contracts/document-store.ts`. */
export function createMemoryCameras(): CameraStore {
  const cameras = new Map<string, CameraDocument>();
  return {
    put: async (camera) => {
      await later();
      cameras.set(expectId('a camera_id', camera.camera_id), camera);
    },
    find: async (cameraId) => {
      await later();
      return cameras.get(expectId('a camera_id', cameraId));
    },
    list: async () => {
      await later();
      return [...cameras.values()].sort((a, b) => (a.camera_id < b.camera_id ? -1 : 1));
    },
    remove: async (cameraId) => {
      await later();
      cameras.delete(expectId('a camera_id', cameraId));
    },
  };
}

/** Newest first, then by id, both descending. */
function compareScenarios(a: ScenarioPosition, b: ScenarioPosition): number {
  const age = b.created_at.getTime() - a.created_at.getTime();
  if (age !== 0 || a.scenario_uuid === b.scenario_uuid) return age;
  return a.scenario_uuid < b.scenario_uuid ? 1 : -1;
}

/** Lets other work run, as a server would. */
function later(): Promise<void> {
  return Promise.resolve();
}
