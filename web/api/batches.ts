import type { Batch, BatchPage, StartedBatch } from '../../api/types.js';
import { getJson, postJson, request } from './request.js';

const BATCHES = '/api/v1/video-batches';

/** URL of a batch or of a resource below it, such as `csv`. */
export const batchUrl = (batchId: string, part = '') =>
  `${BATCHES}/${encodeURIComponent(batchId)}${part && `/${part}`}`;

/** Reads the newest batches. */
export const listBatches = (limit: number, signal: AbortSignal) =>
  getJson<BatchPage>(`${BATCHES}?limit=${limit}`, signal);

export const getBatch = (batchId: string, signal: AbortSignal) =>
  getJson<Batch>(batchUrl(batchId), signal);

/** Starts the jobs of stored videos with the same options. */
export const startBatch = (
  videoIds: readonly string[],
  options: Readonly<Record<string, unknown>>,
) => postJson<StartedBatch>(BATCHES, { video_ids: videoIds, ...options });

/** Runs the jobs of a closed batch again that are not ready. */
export const retryBatch = (batchId: string) => postJson<Batch>(batchUrl(batchId, 'retry'), {});

export async function cancelBatch(batchId: string): Promise<void> {
  await request(batchUrl(batchId), { method: 'DELETE' });
}
