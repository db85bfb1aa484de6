import { describeRun, isRunning } from '../../domain/temporal-runs.js';
import type {
  ImageBatchDocument,
  ImageBatchProgress,
  ImageBatchStatus,
  ImageCounts,
  ImageSource,
  TableFormat,
} from '../../domain/image-batch/image-batch.js';
import { imageBatchWorkflowIdOf } from '../../domain/workflow-ids.js';
import type { VidetteClientDeps } from '../deps.js';
import { queryProgress } from '../jobs/query-progress.js';
import { statusOf } from '../jobs/runs.js';

/** State of a batch of images. */
export interface ImageBatch extends ImageCounts {
  readonly batch_id: string;
  /** `ready` when the table exists. */
  readonly status: ImageBatchStatus;
  /** Reason of a failure. */
  readonly error: string | null;
  readonly source: ImageSource;
  /** Model as `name@version`. */
  readonly model: string;
  readonly conf: number;
  readonly max_failed: number;
  /** Format and size in bytes of the table; null until there is one. */
  readonly table: { readonly format: TableFormat; readonly size: number } | null;
  /** Images per second, and seconds that are left; null unless the batch predicts. */
  readonly images_per_s: number | null;
  readonly eta_s: number | null;
  /** ISO 8601. */
  readonly created_at: string;
  readonly closed_at: string | null;
  readonly workflow_id: string;
}

const INTERRUPTED = 'The workflow ended from outside. Start the batch again: it continues.';

/** Reads the state of a batch: from its run while it is open, else from its document. */
export async function readImageBatch(
  { temporal }: Pick<VidetteClientDeps, 'temporal'>,
  batch: ImageBatchDocument,
): Promise<ImageBatch> {
  const workflow_id = imageBatchWorkflowIdOf(batch.batch_id);
  const run = await describeRun(temporal, workflow_id);
  if (run && isRunning(run)) {
    const progress = await queryProgress<ImageBatchProgress>(temporal, run);
    return viewOf(batch, { status: 'processing', error: null }, progress);
  }
  if (batch.status !== 'processing') return viewOf(batch, batch);
  const status = run ? statusOf(run.status.name, undefined) : 'failed';
  const isCancelled = status === 'cancelled';
  return viewOf(batch, { status: isCancelled ? 'cancelled' : 'failed', error: INTERRUPTED });
}

function viewOf(
  batch: ImageBatchDocument,
  { status, error }: Pick<ImageBatchDocument, 'status' | 'error'>,
  progress?: ImageBatchProgress,
): ImageBatch {
  const { batch_id, source, model, conf, max_failed, result, created_at, closed_at } = batch;
  const { total, done, failed } = progress ?? batch.counts;
  return {
    ...{ batch_id, status, error, source, model: `${model.name}@${model.version}` },
    ...{ conf, max_failed, total, done, failed },
    table: result && { format: result.format, size: result.size },
    images_per_s: progress?.images_per_s ?? null,
    eta_s: progress?.eta_s ?? null,
    created_at: created_at.toISOString(),
    closed_at: closed_at?.toISOString() ?? null,
    workflow_id: imageBatchWorkflowIdOf(batch_id),
  };
}
