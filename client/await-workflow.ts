import { type Client, WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { failureOf } from './jobs/outcome.js';
import { whileUnavailable } from './jobs/while-unavailable.js';

/**
 * Starts a workflow and waits for its result through restarts of Temporal. If the signal aborts, the
 * workflow continues.
 * @throws AppError of the workflow.
 */
export async function awaitWorkflow<T>(
  temporal: Client,
  start: () => Promise<Pick<WorkflowHandle<() => Promise<T>>, 'result'>>,
  signal?: AbortSignal,
): Promise<T> {
  const handle = await whileUnavailable(start, signal);
  const wait = () =>
    signal ? temporal.withAbortSignal(signal, () => handle.result()) : handle.result();
  try {
    return await whileUnavailable(wait, signal);
  } catch (error) {
    signal?.throwIfAborted();
    throw error instanceof WorkflowFailedError ? failureOf(error) : error;
  }
}
