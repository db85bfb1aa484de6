import { ApplicationFailure } from '@temporalio/common';
import { ActivityNotFoundError, type Client } from '@temporalio/client';
import type { ErrorCode } from '../../domain/errors.js';
import type { ScenarioRuns } from '../../domain/ports/scenario-runs.js';
import type { ScenarioStatus } from '../../domain/stream/scenario-contracts.js';
import { STATUS_QUERY } from '../../domain/stream/scenario-control.js';
import { callTemporal } from '../../domain/temporal-unavailable.js';

/** Time for the answer of a workflow, in ms: its worker may be busy or unavailable. */
const ANSWER_MS = 5000;

/** Asks the workflows of scenarios through Temporal's API. */
export function createScenarioRuns(client: Client): ScenarioRuns {
  return {
    desired: async ({ workflowId, runId }) => {
      const handle = client.workflow.getHandle(workflowId, runId);
      const query = () => handle.query<ScenarioStatus>(STATUS_QUERY);
      const answer = client.withDeadline(Date.now() + ANSWER_MS, query);
      return (await answer.catch(() => undefined))?.desired;
    },
  };
}

/**
 * Fails an activity of a worker that has crashed, so that Temporal retries it without waiting for a
 * heartbeat. Returns false for an attempt that is not current.
 * @throws AppError `SERVER_UNAVAILABLE`.
 */
export async function failLostActivity(client: Client, token: Uint8Array): Promise<boolean> {
  const failure = ApplicationFailure.create({
    type: 'WORKER_LOST' satisfies ErrorCode,
    message: 'The worker crashed; its next process continues.',
  });
  try {
    await callTemporal(client, () => client.activity.fail(token, failure));
    return true;
  } catch (error) {
    if (error instanceof ActivityNotFoundError) return false;
    throw error;
  }
}
