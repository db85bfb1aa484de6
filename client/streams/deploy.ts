import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { AppError } from '../../domain/errors.js';
import { VIDEO_QUEUE } from '../../domain/job/task-queues.js';
import { STREAM_DETECTION } from '../../domain/names.js';
import { streamWorkflowIdOf } from '../../domain/workflow-ids.js';
import { redactCameraUrl } from '../../domain/stream/camera-url.js';
import { createCameras } from '../../domain/stream/cameras.js';
import type { SealedScenario } from '../../domain/stream/scenario-contracts.js';
import {
  expectFileOptions,
  parseScenarioInput,
  type ScenarioInput,
  scenarioFingerprint,
} from '../../domain/stream/scenario-input.js';
import type { StreamDetection } from '../../workflows/index.js';
import type { VidetteClientDeps } from '../deps.js';
import { findModel } from '../jobs/job-sources.js';
import { FINGERPRINT_MEMO, readRunFacts } from './run-facts.js';
import type { DeployedStream } from './types.js';

/** A scenario as Temporal may store it, and the part of its camera's URL that may be shown. */
interface CheckedScenario {
  readonly scenario: SealedScenario;
  readonly camera: string;
}

/**
 * Starts a scenario from a message of the topic `to_deploy`; the same message again returns the
 * scenario that is running.
 * @throws AppError `INVALID_INPUT`; `SCENARIO_EXISTS` if it is running with another camera or
 * parameters.
 */
export async function deployStream(
  deps: VidetteClientDeps,
  message: unknown,
): Promise<DeployedStream> {
  const input = parseScenarioInput(message, { fps: deps.defaultFps });
  await findModel(deps, input);
  const { scenario, camera } = await sealCamera(deps, input);
  const { scenario_uuid, worker_id = null } = scenario;
  const started = await startWorkflow(deps, scenario);
  return {
    scenario_uuid,
    worker_id,
    started,
    camera,
    workflow_id: streamWorkflowIdOf(scenario_uuid),
  };
}

/** Seals the URL of a scenario's camera, or finds the camera that it names. */
async function sealCamera(
  { documents, cameraKey }: VidetteClientDeps,
  { camera_url, camera_id, ...input }: ScenarioInput,
): Promise<CheckedScenario> {
  const cameras = createCameras(documents.cameras, cameraKey);
  if (camera_id === undefined) {
    const sealed = await cameras.putDeployed(input.scenario_uuid, camera_url!); // one is given
    return { scenario: { ...input, camera_id: sealed.camera_id }, camera: sealed.camera };
  }
  const url = await cameras.urlOf(camera_id);
  expectFileOptions(input, url);
  return { scenario: { ...input, camera_id }, camera: redactCameraUrl(url) };
}

/** Returns false if the same scenario is running. */
async function startWorkflow(deps: VidetteClientDeps, scenario: SealedScenario): Promise<boolean> {
  const fingerprint = scenarioFingerprint(scenario);
  const { scenario_uuid, camera_id, fps } = scenario;
  try {
    await deps.temporal.workflow.start<typeof StreamDetection>(STREAM_DETECTION, {
      taskQueue: VIDEO_QUEUE,
      workflowId: streamWorkflowIdOf(scenario_uuid),
      args: [scenario],
      memo: { [FINGERPRINT_MEMO]: fingerprint },
      staticSummary: `${camera_id}, ${fps} fps`,
    });
    return true;
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  await expectSame(deps, scenario_uuid, fingerprint);
  return false;
}

/** @throws AppError `SCENARIO_EXISTS`. */
async function expectSame(
  { temporal, documents }: { readonly temporal: Client } & Pick<VidetteClientDeps, 'documents'>,
  scenario_uuid: string,
  fingerprint: string,
): Promise<void> {
  const run = await readRunFacts(temporal, scenario_uuid);
  const document = await documents.scenarios.find(scenario_uuid);
  // Its document has the present parameters; until it is written, the memo has the first ones.
  const isOwn = document !== undefined && document.run_id === run?.firstRunId;
  if ((isOwn ? document.fingerprint : run?.fingerprint) === fingerprint) return;
  throw new AppError(
    'SCENARIO_EXISTS',
    `The scenario ${scenario_uuid} is running with another camera or other parameters.`,
    { scenario_uuid },
    { advice: 'change-stream' },
  );
}
