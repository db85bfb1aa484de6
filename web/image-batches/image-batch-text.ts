import type { ImageBatch } from '../../api/types.js';
import { formatCount, formatDate, formatDuration, joinFacts } from '../format.js';

/** Page of a batch of images. */
export const imageBatchHash = (batchId: string) => `#/image-batch/${encodeURIComponent(batchId)}`;

/** @example sourceText({ bucket: 'incoming', prefix: 'day/' }) // 'incoming/day/' */
export function sourceText({ bucket, ...place }: ImageBatch['source']): string {
  return `${bucket}/${Object.values(place).join('')}`;
}

/** @example imageCounts(batch) // '512 of 1,000 images, 2 failed' */
export function imageCounts({ total, done, failed }: ImageBatch): string {
  const failures = failed > 0 ? `, ${formatCount(failed)} failed` : '';
  const all = total > 0 ? formatCount(total) : '?';
  return `${formatCount(done)} of ${all} images${failures}`;
}

/** @example imageProgress(batch) // '64.5 images per second · 8.0 s left' */
export const imageProgress = ({ images_per_s, eta_s }: ImageBatch): string =>
  joinFacts([
    images_per_s !== null && `${images_per_s} images per second`,
    eta_s !== null && `${formatDuration(eta_s)} left`,
  ]);

/** @example describeImageBatch(batch) // 'fish@4 · incoming/day/ · May 4, 2026, 9:30 AM' */
export const describeImageBatch = (batch: ImageBatch): string =>
  joinFacts([batch.model, sourceText(batch.source), formatDate(batch.created_at)]);

/** Share of the images that have a row, 0 to 1; null before they are listed. */
export const imageShare = ({ total, done }: ImageBatch): number | null =>
  total > 0 ? done / total : null;
