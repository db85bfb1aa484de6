import { log } from '@temporalio/activity';
import type { DocumentStore } from '../domain/ports/document-store.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import { type Account, createAccountant } from '../domain/stream/account.js';
import { createLogReader } from '../domain/stream/log/read-log.js';
import type { CloseScenarioInput, ScenarioOutcome } from '../domain/stream/scenario-contracts.js';
import { closeStreamEvents, type CloseStreamEventsDeps } from './close-stream-events.js';
import { type Beat, withHeartbeat } from './heartbeat.js';

export interface CloseScenarioDeps extends CloseStreamEventsDeps {
  readonly objects: ObjectStore;
  readonly documents: Pick<DocumentStore, 'scenarios' | 'streamEvents'>;
}

/** Accounts for a scenario that has ended, ends its events, and writes its end to its document. */
export async function closeScenario(
  deps: CloseScenarioDeps,
  input: CloseScenarioInput,
): Promise<ScenarioOutcome> {
  const { scenario_uuid, first_run_id, state, error } = input;
  const account = await withHeartbeat((beat) => accountFor(deps, input, beat));
  const document = await deps.documents.scenarios.find(scenario_uuid);
  if (document) await closeStreamEvents(deps, document.scenario);
  const outcome = { scenario_uuid, state, ...account };
  const end = { state, ended_at: new Date(), error, outcome };
  await deps.documents.scenarios.update(scenario_uuid, first_run_id, { end });
  log.info('scenario closed', { scenario: scenario_uuid, state, frames: account.frames, error });
  return outcome;
}

/** Accounts for the time from the start of a scenario to the end of its log. */
async function accountFor(
  { objects: store }: CloseScenarioDeps,
  { scenario_uuid: uuid, account_from: from }: CloseScenarioInput,
  { signal, report }: Beat,
): Promise<Account> {
  const accountant = createAccountant({ from: Date.parse(from), to: Infinity });
  const reader = createLogReader({ store, uuid });
  for await (const stretch of reader.readNew({ signal })) {
    accountant.add(stretch);
    report({ frames: reader.position.number });
  }
  const account = accountant.finish();
  if (!account) return { from, to: from, frames: 0, seen_s: 0, gaps: {} };
  const { problems, ...sums } = account;
  if (problems.length > 0) log.error('log does not account for all time', { uuid, problems });
  return sums;
}
