import type { ImageBatch } from '../../client/index.js';
import { formatPairs, formatSeconds, formatStatus, formatTable, formatTime } from '../format.js';

/** Formats batches of images as a table. */
export function formatImageBatches(batches: readonly ImageBatch[]): string {
  if (batches.length === 0)
    return 'No batches of images found. Start one with: vidette predict FOLDER --model MODEL';
  const rows = batches.map((batch) => [
    batch.batch_id,
    formatStatus(batch.status),
    countsText(batch),
    batch.model,
    formatTime(batch.created_at),
  ]);
  return formatTable([['BATCH', 'STATUS', 'IMAGES', 'MODEL', 'STARTED'], ...rows]);
}

/**
 * Formats a batch of images.
 * @param out path of the file that its table was written to.
 */
export function formatImageBatch(batch: ImageBatch, out: string | null): string {
  const { table, source } = batch;
  const { bucket, ...place } = source;
  return formatPairs([
    ['batch', batch.batch_id],
    ['status', formatStatus(batch.status)],
    ['error', batch.error],
    ['images', countsText(batch)],
    ['source', `${bucket}/${Object.values(place).join('')}`],
    ['model', batch.model],
    ['table', table && `${table.format}, ${table.size} bytes`],
    ['out', out],
    ['started', formatTime(batch.created_at)],
    ['workflow', batch.workflow_id],
  ]);
}

/** @example imageProgressLine(batch) // '512 of 1000 images, 64.5 per second, 8 s left' */
export function imageProgressLine(batch: ImageBatch): string {
  const { images_per_s, eta_s } = batch;
  const speed = images_per_s === null ? '' : `, ${images_per_s} per second`;
  const left = eta_s === null ? '' : `, ${formatSeconds(eta_s)} left`;
  return `${countsText(batch)}${speed}${left}`;
}

function countsText({ total, done, failed }: ImageBatch): string {
  const failures = failed > 0 ? `, ${failed} failed` : '';
  return `${done} of ${total || '?'} images${failures}`;
}
