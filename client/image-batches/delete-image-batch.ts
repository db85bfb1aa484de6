import { setTimeout as sleep } from 'node:timers/promises';
import pMap from 'p-map';
import { imageBatchObjects } from '../../domain/names.js';
import { imageBatchWorkflowIdOf } from '../../domain/workflow-ids.js';
import { hasOpenRun } from '../../domain/temporal-runs.js';
import type { VidetteClientDeps } from '../deps.js';
import { unlessClosed } from './cancel-image-batch.js';
import { findImageBatch } from './find-image-batch.js';

/** A batch that was deleted. */
export interface DeletedImageBatch {
  readonly batch_id: string;
  /** Number of objects that were removed. */
  readonly objects: number;
}

/** Time that a cancelled run has to close before it is terminated, in milliseconds. */
const CANCEL_MS = 30_000;
/** Time after which the activities of a terminated run write no more, in milliseconds. */
const SETTLE_MS = 12_000;
const POLL_MS = 200;
const CONCURRENCY = 16;

/**
 * Deletes a batch with its uploads, list, parts and table; a running one is cancelled first. Can be
 * repeated after an interruption, because the document is removed last.
 * @throws AppError `BATCH_NOT_FOUND`.
 */
export async function deleteImageBatch(
  deps: VidetteClientDeps,
  batchId: string,
): Promise<DeletedImageBatch> {
  const { batch_id } = await findImageBatch(deps.documents, batchId);
  await endRun(deps, imageBatchWorkflowIdOf(batch_id));
  const objects = await removeObjects(deps, batch_id);
  await deps.documents.imageBatches.remove(batch_id);
  return { batch_id, objects };
}

async function endRun({ temporal }: VidetteClientDeps, workflowId: string): Promise<void> {
  if (!(await hasOpenRun(temporal, workflowId))) return;
  const handle = temporal.workflow.getHandle(workflowId);
  await unlessClosed(handle, (run) => run.cancel());
  const deadline = Date.now() + CANCEL_MS;
  while (await hasOpenRun(temporal, workflowId)) {
    if (Date.now() < deadline) {
      await sleep(POLL_MS);
      continue;
    }
    await unlessClosed(handle, (run) => run.terminate('The batch is deleted.'));
    await sleep(SETTLE_MS);
  }
}

async function removeObjects({ objects }: VidetteClientDeps, batchId: string): Promise<number> {
  const { bucket, prefix } = imageBatchObjects(batchId);
  let removed = 0;
  const remove = async (key: string) => {
    await objects.remove(bucket, key);
    removed += 1;
  };
  await pMap(objects.list(bucket, prefix), remove, { concurrency: CONCURRENCY });
  return removed;
}
