import type { Batch } from '../../api/types.js';
import { formatDate, pluralize } from '../format.js';

/** @example describeBatch(batch) // 'yolox_nano@1 · May 4, 2026, 9:30 AM' */
export const describeBatch = ({ model, started_at }: Pick<Batch, 'model' | 'started_at'>): string =>
  [model, formatDate(started_at)].filter((text) => text !== null).join(' · ');

/** Text of the button that runs jobs of a batch again; undefined if no job can. */
export function retryLabel(
  batch: Pick<Batch, 'status' | 'failed' | 'cancelled' | 'missing'>,
): string | undefined {
  const { status, failed, cancelled, missing } = batch;
  const others = cancelled + missing;
  if (status === 'processing' || failed + others === 0) return undefined;
  return others === 0 ? `Retry ${failed} failed` : `Retry ${pluralize(failed + others, 'job')}`;
}

/** Share of the jobs of a batch that have ended, 0 to 1. */
export const endedShare = ({
  total,
  running,
  waiting,
}: Pick<Batch, 'total' | 'running' | 'waiting'>): number => (total - running - waiting) / total;
