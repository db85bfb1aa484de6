import type { Batch } from '../client/index.js';
import { formatJobCounts } from '../domain/job/batch.js';
import { formatPairs, formatStatus, formatTable, formatTime } from './format.js';

/** Formats batches as a table. */
export function formatBatches(batches: readonly Batch[]): string {
  if (batches.length === 0) return 'No batches found. Start one with: vidette detect VIDEO VIDEO';
  const rows = batches.map((batch) => [
    batch.batch_id,
    formatStatus(batch.status),
    formatJobCounts(batch),
    batch.model ?? '-',
    formatTime(batch.started_at),
  ]);
  return formatTable([['BATCH', 'STATUS', 'JOBS', 'MODEL', 'STARTED'], ...rows]);
}

/**
 * Formats a batch.
 * @param csv path of the file that its objects were written to.
 */
export function formatBatch(batch: Batch, csv: string | null): string {
  const { batch_id, status, total, model, started_at, workflow_id } = batch;
  return formatPairs([
    ['batch', batch_id],
    ['status', formatStatus(status)],
    ['jobs', `${total}: ${formatJobCounts(batch)}`],
    ['model', model],
    ['started', formatTime(started_at)],
    ['csv', csv],
    ['workflow', workflow_id],
    ['list', `vidette jobs --batch ${batch_id}`],
  ]);
}
