import { log } from '@temporalio/activity';
import { redactCameraUrl } from '../domain/stream/camera-url.js';
import type {
  ChangedScenario,
  ChangeScenarioInput,
  ScenarioChange,
  SealedScenario,
} from '../domain/stream/scenario-contracts.js';
import {
  expectFileOptions,
  parseScenarioInput,
  scenarioFingerprint,
} from '../domain/stream/scenario-input.js';
import { type OpenScenarioDeps, pinModel } from './open-scenario.js';

/** Checks new values of a scenario's fields, and writes them to its document. */
export async function changeScenario(
  deps: OpenScenarioDeps,
  { scenario: current, model: pinned, change, first_run_id }: ChangeScenarioInput,
): Promise<ChangedScenario> {
  const scenario = applyChange(current, change);
  const url = await deps.cameras.urlOf(scenario.camera_id);
  expectFileOptions(scenario, url);
  const needsModel = 'model' in change || 'classes' in change;
  const spec = 'model' in change ? scenario.model : `${pinned.name}@${pinned.version}`;
  const model = needsModel ? await pinModel(deps, { ...scenario, model: spec }) : pinned;
  await deps.documents.scenarios.update(scenario.scenario_uuid, first_run_id, {
    ...{ scenario, model, camera: redactCameraUrl(url) },
    fingerprint: scenarioFingerprint(scenario),
  });
  const fields = Object.keys(change);
  log.info('scenario changed', { scenario: scenario.scenario_uuid, fields });
  return { scenario, model };
}

/** @throws AppError `INVALID_INPUT` that names each invalid field. */
function applyChange(scenario: SealedScenario, change: ScenarioChange): SealedScenario {
  const fields = Object.entries({ ...scenario, ...change }).filter(([, value]) => value !== null);
  const { camera_url: _, ...changed } = parseScenarioInput(Object.fromEntries(fields));
  return { ...changed, camera_id: changed.camera_id! }; // parsed without a camera_url
}
