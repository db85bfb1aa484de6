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

/** Whether an error of Temporal's client reports that a workflow does not exist or has ended. */
export function isWorkflowNotFound(error: unknown): boolean {
  return error instanceof Error && error.name === 'WorkflowNotFoundError';
}
