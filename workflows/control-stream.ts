import {
  ApplicationFailure,
  type ExternalWorkflowHandle,
  getExternalWorkflowHandle,
  isCancellation,
} from '@temporalio/workflow';
import { SCENARIO_UUID } from '../domain/names.js';
import { streamWorkflowIdOf } from '../domain/workflow-ids.js';
import type { ErrorCode } from '../domain/errors.js';
import { type ControlInput, STREAM_SIGNALS } from '../domain/stream/scenario-control.js';

/** Pauses, resumes or stops a scenario: schedules cannot send signals, but start this workflow. */
export async function ControlStream({ scenario_uuid, action }: ControlInput): Promise<void> {
  const scenario = findScenario(scenario_uuid);
  if (!Object.hasOwn(STREAM_SIGNALS, action)) {
    const actions = Object.keys(STREAM_SIGNALS).join(', ');
    throw failure('INVALID_INPUT', `Expected the action ${actions}, received ${String(action)}.`);
  }
  try {
    await scenario.signal(STREAM_SIGNALS[action]);
  } catch (error) {
    if (isCancellation(error)) throw error;
    throw failure('SCENARIO_NOT_FOUND', `The scenario ${scenario_uuid} is not running.`);
  }
}

function findScenario(uuid: unknown): ExternalWorkflowHandle {
  const text = String(uuid).toLowerCase();
  if (SCENARIO_UUID.test(text)) return getExternalWorkflowHandle(streamWorkflowIdOf(text));
  throw failure('INVALID_INPUT', `Expected a scenario_uuid, received ${JSON.stringify(uuid)}.`);
}

function failure(type: ErrorCode, message: string): ApplicationFailure {
  return ApplicationFailure.create({ type, message, nonRetryable: true });
}
