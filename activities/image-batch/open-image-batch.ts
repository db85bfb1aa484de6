import { activityInfo, log } from '@temporalio/activity';
import { parseImageBatchRequest } from '../../domain/image-batch/batch-request.js';
import type {
  ImageBatchDocument,
  OpenedImageBatch,
  OpenImageBatchInput,
} from '../../domain/image-batch/image-batch.js';
import { expectSameBatch, newImageBatch } from '../../domain/image-batch/new-batch.js';
import { modelRefOf } from '../../domain/model/model-manifest.js';
import { expectId } from '../../domain/names.js';
import { imageBatchIdOfWorkflow } from '../../domain/workflow-ids.js';
import type { DocumentStore } from '../../domain/ports/document-store.js';
import type { ModelRegistry } from '../../domain/ports/model-registry.js';
import type { WorkerDirectory } from '../../domain/ports/runs.js';
import { chooseDevice } from '../open-event.js';

export interface OpenImageBatchDeps {
  readonly documents: Pick<DocumentStore, 'imageBatches'>;
  readonly models: Pick<ModelRegistry, 'resolve'>;
  readonly workers: WorkerDirectory;
  /** Maximum number of slices in flight. */
  readonly window: number;
  /** Whether payloads are encrypted. */
  readonly payloadsEncrypted?: boolean;
}

/**
 * Resolves a request to a source, a model and a device, and writes the document of the batch. A batch
 * that exists continues, with the format and the limit of this request.
 * @throws AppError `BATCH_EXISTS` if the id is taken by another source, model or confidence.
 */
export async function openImageBatch(
  deps: OpenImageBatchDeps,
  { request }: OpenImageBatchInput,
): Promise<OpenedImageBatch> {
  const input = parseImageBatchRequest(request);
  const { workflowId } = activityInfo().workflowExecution!;
  const batchId = expectId('a batch_id', input.batch_id ?? imageBatchIdOfWorkflow(workflowId));
  const model = modelRefOf(await deps.models.resolve(input.model));
  const batch = newImageBatch(input, batchId, model);
  const use = await chooseDevice(deps, { asked: 'auto' });
  await writeBatch(deps, batch);
  log.info('batch of images opened', { batch: batchId, model: model.name });
  const { batch_id, source, conf, table, max_failed } = batch;
  return {
    ...{ batch_id, source, model, conf, table, max_failed },
    device: { asked: 'auto', use },
    window: deps.window,
    ...(deps.payloadsEncrypted && { sealed: true }),
  };
}

async function writeBatch(
  { documents: { imageBatches } }: OpenImageBatchDeps,
  batch: ImageBatchDocument,
): Promise<void> {
  if (await imageBatches.insert(batch)) return;
  const { batch_id, table, max_failed, status, error, closed_at } = batch;
  const stored = await imageBatches.find(batch_id);
  if (stored) expectSameBatch(stored, batch);
  await imageBatches.update(batch_id, { table, max_failed, status, error, closed_at });
}
