import { activityInfo, log } from '@temporalio/activity';
import { AppError, messageOf } from '../domain/errors.js';
import { expectDetector } from '../domain/model/expect-detector.js';
import { type ModelManifest, type ModelRef, modelRefOf } from '../domain/model/model-manifest.js';
import { streamWorkflowIdOf } from '../domain/workflow-ids.js';
import type { DocumentStore } from '../domain/ports/document-store.js';
import type { ModelRegistry } from '../domain/ports/model-registry.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import { SEARCH_ATTRIBUTES, type SearchAttribute } from '../domain/search-attributes.js';
import { isSecret, redactCameraUrl } from '../domain/stream/camera-url.js';
import type { Cameras } from '../domain/stream/cameras.js';
import { isoTime } from '../domain/stream/entry.js';
import { type LogRef, readFences } from '../domain/stream/log/fence.js';
import { windowOf } from '../domain/stream/log/log-keys.js';
import { readStoredEnd } from '../domain/stream/log/predecessor.js';
import type {
  OpenedScenario,
  OpenScenarioInput,
  SealedScenario,
} from '../domain/stream/scenario-contracts.js';
import {
  expectFileOptions,
  parseScenarioInput,
  type ScenarioInput,
  scenarioFingerprint,
} from '../domain/stream/scenario-input.js';

export interface OpenScenarioDeps {
  readonly objects: ObjectStore;
  readonly documents: DocumentStore;
  readonly models: Pick<ModelRegistry, 'resolve' | 'list'>;
  readonly cameras: Cameras;
  /** Default model; if undefined, the first known model that is published. */
  readonly defaultModel: string | undefined;
  /** Frames per second of scenarios that set no rate. */
  readonly defaultFps: number;
  /** @throws AppError `INVALID_INPUT` for a class that the model does not have. */
  readonly checkClasses: (manifest: ModelManifest, classes: readonly string[]) => void;
  /** Returns the search attributes that Temporal lacks. */
  readonly missingSearchAttributes: () => Promise<readonly SearchAttribute[]>;
  /** Whether payloads are encrypted. */
  readonly payloadsEncrypted?: boolean;
}

/** Checks the input of a scenario, seals its camera, pins its model, and writes its document. */
export async function openScenario(
  deps: OpenScenarioDeps,
  { request, first_run_id, started_at }: OpenScenarioInput,
): Promise<OpenedScenario> {
  const input = parseScenarioInput(request, { fps: deps.defaultFps });
  expectOwnWorkflow(input);
  const { scenario, camera } = await sealScenario(deps, input);
  const model = await pinModel(deps, scenario);
  await deps.documents.scenarios.put({
    ...{ scenario_uuid: scenario.scenario_uuid, scenario, camera, model },
    ...{ fingerprint: scenarioFingerprint(scenario), run_id: first_run_id },
    ...{ created_at: new Date(started_at), end: null },
  });
  const rows: LogRef = { store: deps.objects, uuid: scenario.scenario_uuid };
  const window = await findFreeWindow(rows);
  log.info('scenario opened', { scenario: scenario.scenario_uuid, camera, window });
  return {
    ...{ scenario, model, window, account_from: await findAccountStart(rows, started_at) },
    indexes_state: await indexesState(deps),
  };
}

/** There is one workflow for a scenario, because a workflow's id is unique. */
function expectOwnWorkflow({ scenario_uuid }: ScenarioInput): void {
  const expected = streamWorkflowIdOf(scenario_uuid);
  const { workflowId } = activityInfo().workflowExecution!;
  if (workflowId === expected) return;
  throw new AppError(
    'INVALID_INPUT',
    `The workflow of the scenario ${scenario_uuid} must have the id ${expected}, not ` +
      `${workflowId}: so it runs only once. Start it again with: --workflow-id ${expected}`,
  );
}

/** Resolves the camera of a scenario; one that is given by its URL is sealed. */
async function sealScenario(
  { cameras, payloadsEncrypted = false }: OpenScenarioDeps,
  { camera_url, ...input }: ScenarioInput,
): Promise<{ scenario: SealedScenario; camera: string }> {
  if (camera_url === undefined) {
    const camera_id = input.camera_id!; // an input has one of the two
    const url = await cameras.urlOf(camera_id);
    expectFileOptions(input, url);
    return { scenario: { ...input, camera_id }, camera: redactCameraUrl(url) };
  }
  if (isSecret(camera_url) && !payloadsEncrypted) throw secretInInput();
  const { camera_id, camera } = await cameras.putDeployed(input.scenario_uuid, camera_url);
  return { scenario: { ...input, camera_id }, camera };
}

function secretInInput(): AppError {
  return new AppError(
    'INVALID_INPUT',
    'camera_url contains credentials or a query, which Temporal would store in plain text. Add the ' +
      'camera with "vidette cameras add", and start the scenario with its camera_id.',
  );
}

/** Resolves the model of a scenario to one version. */
export async function pinModel(
  { models, defaultModel, checkClasses }: OpenScenarioDeps,
  { model, classes }: Pick<SealedScenario, 'model' | 'classes'>,
): Promise<ModelRef> {
  const manifest = await models.resolve(model ?? defaultModel);
  await expectDetector(models, manifest);
  if (classes) checkClasses(manifest, classes);
  return modelRefOf(manifest);
}

/** Returns the number after the newest window whose epochs are in the log. */
async function findFreeWindow(rows: LogRef): Promise<number> {
  const { opened } = await readFences(rows);
  return opened === undefined ? 0 : windowOf(opened) + 1;
}

/** Returns the start of a workflow, or the end of the log that it continues if that is later. */
async function findAccountStart(rows: LogRef, startedAt: string): Promise<string> {
  const end = await readStoredEnd(rows);
  return isoTime(Math.max(Date.parse(startedAt), end?.accountedTo ?? 0));
}

async function indexesState({ missingSearchAttributes }: OpenScenarioDeps): Promise<boolean> {
  const missing = await missingSearchAttributes().catch(messageOf);
  if (typeof missing !== 'string' && !missing.includes(SEARCH_ATTRIBUTES.streamState)) return true;
  log.warn('scenario cannot be found by its state, run "vidette doctor"', { missing });
  return false;
}
