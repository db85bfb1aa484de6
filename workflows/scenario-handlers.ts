import {
  ApplicationFailure,
  CancellationScope,
  condition,
  defineQuery,
  defineSignal,
  defineUpdate,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { ErrorCode } from '../domain/errors.js';
import { SEARCH_ATTRIBUTES } from '../domain/search-attributes.js';
import {
  CHANGEABLE_FIELDS,
  type OpenedScenario,
  type ScenarioChange,
  type ScenarioStatus,
  type SealedScenario,
} from '../domain/stream/scenario-contracts.js';
import {
  CONFIGURE_UPDATE,
  type DesiredState,
  STATUS_QUERY,
  STREAM_SIGNALS,
} from '../domain/stream/scenario-control.js';
import { controlActivities } from './activity-proxies.js';
import { ownerRun, type RunningScenario } from './running-scenario.js';
import { throwToUser } from './user-failure.js';

const statusQuery = defineQuery<ScenarioStatus>(STATUS_QUERY);
const configureUpdate = defineUpdate<SealedScenario, [ScenarioChange]>(CONFIGURE_UPDATE);

/** Handles the signals, the query and the update of a scenario. */
export function handleRequests(running: RunningScenario): void {
  const run = CancellationScope.current();
  const description = 'Whether the scenario is running, paused or stopped, and its parameters.';
  setHandler(statusQuery, () => statusOf(running, run.consideredCancelled), { description });
  handleSignals(running);
  let isChanging = false;
  const configure = async (change: ScenarioChange): Promise<SealedScenario> => {
    // One change after the other: each starts from the result of the one before.
    await condition(() => running.opened !== undefined && !isChanging);
    isChanging = true;
    try {
      return await applyChange(running, change);
    } finally {
      isChanging = false;
    }
  };
  setHandler(configureUpdate, configure, {
    validator: (change) => expectChange(running, change),
    description: 'Changes parameters of the scenario; null removes an optional one.',
  });
}

/** Shows what the scenario is meant to do, in the Web UI and in searches. */
export function showState({ opened, since }: RunningScenario, state: DesiredState | 'ended'): void {
  if (!opened) return;
  const { camera_id, fps } = opened.scenario;
  setCurrentDetails(`**${state}** since ${since}: camera ${camera_id}, ${fps} frames per second`);
  if (!opened.indexes_state) return;
  upsertSearchAttributes([{ key: SEARCH_ATTRIBUTES.streamState, value: state }]);
}

function handleSignals(running: RunningScenario): void {
  const handle = (name: string, description: string, allowed: DesiredState[], to: DesiredState) =>
    setHandler(
      defineSignal(name),
      () => {
        if (allowed.includes(running.desired)) changeDesired(running, to);
      },
      { description },
    );
  const { pause, resume, stop } = STREAM_SIGNALS;
  handle(pause, 'Closes the camera and frees its slot.', ['running'], 'paused');
  handle(resume, 'Watches the camera of a paused scenario again.', ['paused'], 'running');
  handle(stop, 'Ends the scenario.', ['running', 'paused'], 'stopped');
}

function changeDesired(running: RunningScenario, desired: DesiredState): void {
  if (running.desired === 'paused') running.absence = 'paused';
  running.desired = desired;
  running.since = new Date().toISOString();
  running.interrupt();
  showState(running, desired);
}

function statusOf(running: RunningScenario, isCancelled: boolean): ScenarioStatus {
  const { opened, desired, since, startedAt } = running;
  return {
    desired: isCancelled ? 'stopped' : desired,
    ...{ since, started_at: startedAt },
    ...{ scenario: opened?.scenario, model: opened?.model },
  };
}

/** @throws ApplicationFailure for a change that this scenario cannot take; it is not recorded. */
function expectChange({ desired }: RunningScenario, change: unknown): void {
  if (desired === 'stopped') throw invalid('The scenario is being stopped; start it again.');
  if (typeof change !== 'object' || change === null || Array.isArray(change)) {
    throw invalid('Expected an object with the fields to change.');
  }
  const allowed: readonly string[] = CHANGEABLE_FIELDS;
  const others = Object.keys(change).filter((field) => !allowed.includes(field));
  if (others.length === 0) return;
  const known = allowed.join(', ');
  throw invalid(`Fields that cannot be changed: ${others.join(', ')} (changeable: ${known}).`);
}

async function applyChange(
  running: RunningScenario,
  change: ScenarioChange,
): Promise<SealedScenario> {
  const { scenario, model }: OpenedScenario = running.opened!; // the caller waits for it
  const input = { scenario, model, change, ...ownerRun() };
  const changed = await controlActivities.changeScenario(input).catch(throwToUser);
  running.opened = { ...running.opened!, ...changed };
  running.interrupt();
  showState(running, running.desired);
  return changed.scenario;
}

function invalid(message: string): ApplicationFailure {
  const type = 'INVALID_INPUT' satisfies ErrorCode;
  return ApplicationFailure.create({ type, message, nonRetryable: true });
}
