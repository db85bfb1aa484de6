import type { ImageBatchProgress, ImageBatchStatus } from '../domain/image-batch/image-batch.js';

/** State of a batch for the current details in Temporal's Web UI. */
export interface ImageBatchState {
  readonly progress: ImageBatchProgress;
  /** Objects of the source that are not images by their names. */
  readonly ignored: number;
  readonly end?: { readonly status: ImageBatchStatus; readonly note: string | null } | undefined;
}

/** Returns the current details of a batch of images, in Markdown. */
export function describeImageBatch({ progress, ignored, end }: ImageBatchState): string {
  const { stage, total, done, failed, images_per_s, eta_s } = progress;
  const percent = total > 0 ? ` (${Math.floor((100 * done) / total)} %)` : '';
  const left = eta_s === null || end ? '' : `, about ${eta_s} s left`;
  const note = end?.note ? `: ${end.note}` : '';
  const others = ignored > 0 ? `, ${ignored} other objects ignored` : '';
  return [
    `**${end?.status ?? stage}**${note}`,
    `${done} of ${total || '?'} images${percent}${left}`,
    `${failed} failed, ${images_per_s} images per second${others}`,
  ].join('\n\n');
}
