import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import {
  imageBatchIdOf,
  type ImageBatchInput,
  type ImageBatchRequest,
  imageSourceOf,
  parseImageBatchRequest,
} from '../../domain/image-batch/batch-request.js';
import type { ImageBatchDocument } from '../../domain/image-batch/image-batch.js';
import { expectSameBatch, newImageBatch } from '../../domain/image-batch/new-batch.js';
import { VIDEO_QUEUE } from '../../domain/job/task-queues.js';
import { modelRefOf } from '../../domain/model/model-manifest.js';
import { PREDICT_BATCH } from '../../domain/names.js';
import { imageBatchWorkflowIdOf } from '../../domain/workflow-ids.js';
import { SEARCH_ATTRIBUTES } from '../../domain/search-attributes.js';
import type { PredictBatch } from '../../workflows/index.js';
import type { VidetteClientDeps } from '../deps.js';

/** A batch that was started; `started` is false if it is running, or if its table exists. */
export interface StartedImageBatch {
  readonly batch_id: string;
  readonly workflow_id: string;
  readonly started: boolean;
}

/**
 * Starts a batch of images. The same source, model and confidence are the same batch, which continues
 * unless it is running or has its table in the requested format.
 * @throws AppError `INVALID_INPUT`, `MODEL_NOT_FOUND`, `BATCH_EXISTS`.
 */
export async function startImageBatch(
  deps: VidetteClientDeps,
  request: ImageBatchRequest,
): Promise<StartedImageBatch> {
  const input = parseImageBatchRequest(request);
  const model = await deps.models.resolve(input.model);
  const { conf, table } = input;
  const batch_id = input.batch_id ?? imageBatchIdOf({ source: imageSourceOf(input), conf }, model);
  const batch = newImageBatch(input, batch_id, modelRefOf(model));
  const { imageBatches } = deps.documents;
  const stored = await imageBatches.find(batch_id);
  if (stored) expectSameBatch(stored, batch);
  const workflow_id = imageBatchWorkflowIdOf(batch_id);
  const isFinished = stored?.status === 'ready' && stored.result?.format === table;
  if (isFinished) return { batch_id, workflow_id, started: false };
  const pinned = { ...input, batch_id, model: `${model.name}@${model.version}` };
  const started = await startWorkflow(deps, batch, pinned);
  await imageBatches.insert(batch);
  return { batch_id, workflow_id, started };
}

/** Returns false if the workflow is running. */
async function startWorkflow(
  { temporal }: VidetteClientDeps,
  { batch_id }: ImageBatchDocument,
  request: ImageBatchInput,
): Promise<boolean> {
  try {
    await temporal.workflow.start<typeof PredictBatch>(PREDICT_BATCH, {
      taskQueue: VIDEO_QUEUE,
      workflowId: imageBatchWorkflowIdOf(batch_id),
      args: [request],
      typedSearchAttributes: [{ key: SEARCH_ATTRIBUTES.batch, value: batch_id }],
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}
