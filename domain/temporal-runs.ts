import { deletionWorkflowIdOf } from './workflow-ids.js';
import { grpcStatusOf } from './temporal-unavailable.js';

/** Part of a client of Temporal; the type of its SDK is not imported here. */
interface TemporalClient<Description> {
  readonly workflow: {
    getHandle(workflowId: string, runId?: string): { describe(): Promise<Description> };
  };
}

/**
 * Describes a run of a workflow; undefined if Temporal does not know it.
 * @param runId by default the newest run.
 */
export async function describeRun<Description>(
  { workflow }: TemporalClient<Description>,
  workflowId: string,
  runId?: string,
): Promise<Description | undefined> {
  try {
    return await workflow.getHandle(workflowId, runId).describe();
  } catch (error) {
    if (isWorkflowNotFound(error)) return undefined;
    throw error;
  }
}

/** State of a run in a description of Temporal's client. */
interface RunState {
  readonly status: { readonly name: string };
}

/** Whether a run is open; a paused one is. */
export function isRunning({ status }: RunState): boolean {
  return status.name === 'RUNNING' || status.name === 'PAUSED';
}

/** Whether the newest run of a workflow is open. */
export async function hasOpenRun(
  client: TemporalClient<RunState>,
  workflowId: string,
): Promise<boolean> {
  const run = await describeRun(client, workflowId);
  return run !== undefined && isRunning(run);
}

/** Part of a client of Temporal that deletes runs. */
interface DeletingClient {
  readonly options: { readonly namespace: string };
  readonly workflowService: {
    deleteWorkflowExecution(request: {
      readonly namespace: string;
      readonly workflowExecution: WorkflowRun;
    }): Promise<unknown>;
  };
}

interface WorkflowRun {
  readonly workflowId: string;
  readonly runId: string;
}

/** gRPC status of a run that does not exist. */
const NOT_FOUND = 5;

/** Requests the deletion of a closed run, which the server does in the background. */
export async function deleteRun(
  { workflowService, options: { namespace } }: DeletingClient,
  workflowExecution: WorkflowRun,
): Promise<void> {
  try {
    await workflowService.deleteWorkflowExecution({ namespace, workflowExecution });
  } catch (error) {
    if (grpcStatusOf(error) !== NOT_FOUND) throw error;
  }
}

/** Whether a deletion of a job is in progress. */
export function isBeingDeleted(
  client: TemporalClient<RunState>,
  eventId: string,
): Promise<boolean> {
  return hasOpenRun(client, deletionWorkflowIdOf(eventId));
}

/** Whether an error of Temporal's client reports that a workflow does not exist or has ended. */
export function isWorkflowNotFound(error: unknown): boolean {
  return error instanceof Error && error.name === 'WorkflowNotFoundError';
}
