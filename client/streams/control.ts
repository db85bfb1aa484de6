import { WorkflowUpdateFailedError } from '@temporalio/client';
import { AppError } from '../../domain/errors.js';
import { expectScenarioUuid } from '../../domain/names.js';
import { streamWorkflowIdOf } from '../../domain/workflow-ids.js';
import { createCameras } from '../../domain/stream/cameras.js';
import type { ScenarioChange, SealedScenario } from '../../domain/stream/scenario-contracts.js';
import {
  CONFIGURE_UPDATE,
  STREAM_SIGNALS,
  type StreamAction,
} from '../../domain/stream/scenario-control.js';
import { isWorkflowNotFound } from '../../domain/temporal-runs.js';
import type { VidetteClientDeps } from '../deps.js';
import { failureOf } from '../jobs/outcome.js';
import { readStream } from './read-stream.js';
import type { Stream } from './types.js';

/** New values of a scenario; a URL is sealed before it is sent. */
export type StreamChange = ScenarioChange & { readonly camera_url?: string | undefined };

/** Pauses, resumes or stops a scenario; does nothing to one that has ended. */
export async function controlStream(
  deps: VidetteClientDeps,
  scenarioUuid: string,
  action: StreamAction,
): Promise<Stream> {
  const workflowId = streamWorkflowIdOf(scenarioUuid);
  try {
    await deps.temporal.workflow.getHandle(workflowId).signal(STREAM_SIGNALS[action]);
  } catch (error) {
    if (!isWorkflowNotFound(error)) throw error;
  }
  return readStream(deps, scenarioUuid);
}

/**
 * Changes parameters of a running scenario, or its camera.
 * @throws AppError `INVALID_INPUT` for a change that it cannot take, `SCENARIO_NOT_FOUND` if it is not
 * running.
 */
export async function configureStream(
  deps: VidetteClientDeps,
  scenarioUuid: string,
  { camera_url, ...change }: StreamChange,
): Promise<Stream> {
  const uuid = expectScenarioUuid(scenarioUuid);
  const { ended_at } = await readStream(deps, uuid);
  if (ended_at !== null) throw notRunning(uuid);
  const sealed =
    camera_url === undefined
      ? change
      : { ...change, camera_id: (await camerasOf(deps).putDeployed(uuid, camera_url)).camera_id };
  const handle = deps.temporal.workflow.getHandle(streamWorkflowIdOf(uuid));
  try {
    await handle.executeUpdate<SealedScenario, [ScenarioChange]>(CONFIGURE_UPDATE, {
      args: [sealed],
    });
  } catch (error) {
    if (isWorkflowNotFound(error)) throw notRunning(uuid);
    throw error instanceof WorkflowUpdateFailedError ? failureOf(error) : error;
  }
  return readStream(deps, uuid);
}

function camerasOf({ documents, cameraKey }: VidetteClientDeps) {
  return createCameras(documents.cameras, cameraKey);
}

function notRunning(scenario_uuid: string): AppError {
  return new AppError(
    'SCENARIO_NOT_FOUND',
    `The scenario ${scenario_uuid} is not running: deploy it with the new parameters.`,
    { scenario_uuid },
  );
}
