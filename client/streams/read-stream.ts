import type { Client } from '@temporalio/client';
import { AppError } from '../../domain/errors.js';
import { expectScenarioUuid } from '../../domain/names.js';
import { streamWorkflowIdOf } from '../../domain/workflow-ids.js';
import type { ScenarioDocument } from '../../domain/stream/scenario-document.js';
import type { VidetteClientDeps } from '../deps.js';
import { readFailure } from '../jobs/outcome.js';
import { readRunFacts } from './run-facts.js';
import { viewStream } from './stream-view.js';
import type { Stream } from './types.js';

type Deps = Pick<VidetteClientDeps, 'temporal' | 'documents'>;

/** Reads a scenario. @throws AppError `SCENARIO_NOT_FOUND`. */
export async function readStream(
  { temporal, documents }: Deps,
  scenarioUuid: string,
): Promise<Stream> {
  const scenario_uuid = expectScenarioUuid(scenarioUuid);
  const document = await documents.scenarios.find(scenario_uuid);
  return describeStream(temporal, scenario_uuid, document);
}

/** Reads the state of a scenario whose document was found, or has none yet. */
export async function describeStream(
  temporal: Client,
  scenario_uuid: string,
  document: ScenarioDocument | undefined,
): Promise<Stream> {
  const run = await readRunFacts(temporal, scenario_uuid);
  if (!document && !run) throw scenarioNotFound(scenario_uuid);
  const isRejected = run && !run.isOpen && document?.run_id !== run.firstRunId;
  const failure = isRejected ? await readMessage(temporal, scenario_uuid) : undefined;
  return viewStream({ scenario_uuid, document, run, failure });
}

/** Reads the message of a scenario that failed; undefined if it was terminated. */
async function readMessage(temporal: Client, scenarioUuid: string): Promise<string | undefined> {
  const failure = await readFailure(temporal, streamWorkflowIdOf(scenarioUuid));
  return failure?.code === 'JOB_TERMINATED' ? undefined : failure?.message;
}

/** Error for a scenario that does not exist. */
function scenarioNotFound(scenario_uuid: string): AppError {
  return new AppError(
    'SCENARIO_NOT_FOUND',
    `Scenario ${scenario_uuid} does not exist.`,
    { scenario_uuid },
    { advice: 'list-streams' },
  );
}
