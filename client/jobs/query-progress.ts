import {
  type Client,
  QueryNotRegisteredError,
  type WorkflowExecutionDescription,
} from '@temporalio/client';
import { PROGRESS_QUERY } from '../../domain/job/progress.js';
import { grpcStatusOf, isTemporalUnavailable } from '../../domain/temporal-unavailable.js';

const QUERY_TIMEOUT_MS = 3000;
/** gRPC statuses of a query that no worker answers. */
const UNANSWERED = new Set([
  1, // CANCELLED: the worker that had it has ended
  9, // FAILED_PRECONDITION: no worker has started the workflow yet
]);

/** Queries the progress of a run; undefined if no worker answers. */
export async function queryProgress<Progress>(
  temporal: Client,
  { workflowId, runId }: Pick<WorkflowExecutionDescription, 'workflowId' | 'runId'>,
): Promise<Progress | undefined> {
  const handle = temporal.workflow.getHandle(workflowId, runId);
  try {
    return await temporal.withDeadline(Date.now() + QUERY_TIMEOUT_MS, () =>
      handle.query<Progress>(PROGRESS_QUERY),
    );
  } catch (error) {
    const isUnanswered = UNANSWERED.has(grpcStatusOf(error) ?? 0);
    if (isUnanswered || isTemporalUnavailable(error) || error instanceof QueryNotRegisteredError) {
      return undefined;
    }
    throw error;
  }
}
