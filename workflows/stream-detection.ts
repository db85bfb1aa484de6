import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
} from '@temporalio/workflow';
import type { ScenarioOutcome, SealedScenario } from '../domain/stream/scenario-contracts.js';
import type { ScenarioRequest } from '../domain/stream/scenario-input.js';
import { controlActivities, wholeVideoActivities } from './activity-proxies.js';
import {
  type CarriedScenario,
  createRunningScenario,
  ownerRun,
  type RunningScenario,
} from './running-scenario.js';
import { handleRequests, showState } from './scenario-handlers.js';
import { throwToUser, toUserFailure } from './user-failure.js';
import { watchScenario } from './watch-scenario.js';

/**
 * Watches a camera until it is stopped or its file ends. The camera is watched by one activity of
 * about a day, and each day is a run, so that histories stay small.
 */
export async function StreamDetection(
  request: ScenarioRequest | SealedScenario,
  carried?: CarriedScenario,
): Promise<ScenarioOutcome> {
  const running = createRunningScenario(carried);
  handleRequests(running);
  try {
    if (!running.opened) await open(running, request);
    const end = await watchScenario(running);
    await condition(allHandlersFinished);
    if (end !== 'continues') return await close(running, end, null);
  } catch (error) {
    const reason = isCancellation(error) ? null : toUserFailure(error).message;
    // A scenario whose input was rejected has no document.
    if (running.opened) {
      await CancellationScope.nonCancellable(() => close(running, 'stopped', reason));
    }
    return throwToUser(error);
  }
  return continueAsNew<typeof StreamDetection>(running.opened!.scenario, carry(running));
}

async function open(
  running: RunningScenario,
  request: ScenarioRequest | SealedScenario,
): Promise<void> {
  const input = { request, started_at: running.startedAt, ...ownerRun() };
  running.opened = await controlActivities.openScenario(input);
  showState(running, running.desired);
}

/** Accounts for a scenario and writes its end. */
async function close(
  running: RunningScenario,
  state: 'stopped' | 'ended',
  error: string | null,
): Promise<ScenarioOutcome> {
  const { scenario, account_from } = running.opened!; // the caller has opened it
  const { scenario_uuid } = scenario;
  const input = { scenario_uuid, account_from, state, error, ...ownerRun() };
  const outcome = await wholeVideoActivities.closeScenario(input);
  showState(running, state);
  return outcome;
}

function carry(running: RunningScenario): CarriedScenario {
  const { opened, desired, since, startedAt, hostQueue, absence } = running;
  return {
    opened: opened!, // it was watched
    ...{ desired, since, started_at: startedAt, host_queue: hostQueue, absence },
  };
}
