import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { beforeEach, expect, it } from 'vitest';
import { epochOf } from '../domain/stream/log/log-keys.js';
import { createLogWriter } from '../domain/stream/log/log-writer.js';
import { takeOver } from '../domain/stream/log/take-over.js';
import type { CloseScenarioInput, ScenarioOutcome } from '../domain/stream/scenario-contracts.js';
import {
  createMemoryLog,
  createStretches,
  LOG_START,
  LOG_UUID,
  writeRows,
} from '../test/support/log-entries.js';
import { createMemoryDocumentStore } from '../test/support/memory-document-store.js';
import { scenarioDocument } from '../test/support/scenarios.js';
import { eventDocumentAt } from '../test/support/stream-events.js';
import { closeScenario, type CloseScenarioDeps } from './close-scenario.js';

const isoAt = (seconds: number) => new Date(LOG_START + 1000 * seconds).toISOString();

let log: Awaited<ReturnType<typeof createMemoryLog>>;
let deps: CloseScenarioDeps;
beforeEach(async () => {
  log = await createMemoryLog();
  deps = {
    ...{ objects: log.store, documents: createMemoryDocumentStore() },
    streamNotifier: { notify: () => Promise.resolve() },
  };
  await deps.documents.scenarios.put(
    scenarioDocument({ scenario_uuid: LOG_UUID, run_id: 'run-1' }),
  );
});

function close(fields: Partial<CloseScenarioInput> = {}): Promise<ScenarioOutcome> {
  const input: CloseScenarioInput = {
    ...{ scenario_uuid: LOG_UUID, first_run_id: 'run-1', account_from: isoAt(0) },
    ...{ state: 'stopped', error: null },
    ...fields,
  };
  const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
  return environment.run<
    [CloseScenarioDeps, CloseScenarioInput],
    ScenarioOutcome,
    typeof closeScenario
  >(closeScenario, deps, input);
}

/** Writes three rows, a pause of ten seconds and two rows. */
async function writeLog(): Promise<void> {
  const start = await takeOver(log, { epoch: epochOf(0, 1), startedAt: LOG_START });
  const writer = createLogWriter(log, start);
  await writeRows(writer, 3);
  writer.append(createStretches(writer.end).gap(10_000));
  await writer.commit();
  await writeRows(writer, 2);
  await writer.close();
}

it('accounts for the time of the scenario, and writes its end', async () => {
  await writeLog();
  const outcome = await close();
  expect(outcome).toEqual({
    ...{ scenario_uuid: LOG_UUID, state: 'stopped', frames: 5, seen_s: 5, gaps: { paused: 10 } },
    ...{ from: isoAt(0), to: isoAt(15) },
  });
  const stored = await deps.documents.scenarios.find(LOG_UUID);
  expect(stored?.end).toMatchObject({ state: 'stopped', error: null, outcome });
});

it('ends the events that its worker left open', async () => {
  await writeLog();
  const event = eventDocumentAt(0);
  await deps.documents.streamEvents.insert(event);
  await close();
  expect(await deps.documents.streamEvents.find(event)).toMatchObject({
    ...{ ended_at: event.last_seen_at, done: true },
  });
});

it('leaves out the time of an earlier scenario', async () => {
  await writeLog();
  const outcome = await close({ account_from: isoAt(13), state: 'ended' });
  expect(outcome).toMatchObject({ frames: 2, seen_s: 2, gaps: {}, from: isoAt(13) });
});

it('closes a scenario that was never watched, with the reason of its failure', async () => {
  const outcome = await close({ error: 'No model.' });
  expect(outcome).toMatchObject({ frames: 0, seen_s: 0, gaps: {}, from: isoAt(0), to: isoAt(0) });
  expect((await deps.documents.scenarios.find(LOG_UUID))?.end).toMatchObject({
    error: 'No model.',
  });
});

it('does not change the document of another run', async () => {
  await close({ first_run_id: 'run-2' });
  expect((await deps.documents.scenarios.find(LOG_UUID))?.end).toBeNull();
});
