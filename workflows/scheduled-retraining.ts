import { executeChild, ParentClosePolicy } from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { RetrainRequest } from '../domain/retrain/retrain-request.js';
import { retrainWorkflowIdOf } from '../domain/workflow-ids.js';
import { RetrainModel } from './retrain-model.js';
import { throwToUser } from './user-failure.js';

/**
 * Starts a retraining under the id of its model, and waits for its end, so that a schedule, which gives
 * its workflows ids with their time, does not start a second one. Returns false if a retraining of the
 * model was running.
 */
export async function ScheduledRetraining(request: RetrainRequest): Promise<boolean> {
  try {
    await executeChild(RetrainModel, {
      ...{ workflowId: retrainWorkflowIdOf(request.model), args: [request] },
      parentClosePolicy: ParentClosePolicy.ABANDON,
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    return throwToUser(error);
  }
}
