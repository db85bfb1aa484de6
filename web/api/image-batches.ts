import type { ImageBatch, ImageBatchPage } from '../../api/types.js';
import { getJson, postJson } from './request.js';

const BATCHES = '/api/v1/batches';

const batchUrl = (batchId: string, part = '') =>
  `${BATCHES}/${encodeURIComponent(batchId)}${part && `/${part}`}`;

/** Reads the newest batches of images. */
export const listImageBatches = (limit: number, signal: AbortSignal) =>
  getJson<ImageBatchPage>(`${BATCHES}?limit=${limit}`, signal);

export const getImageBatch = (batchId: string, signal: AbortSignal) =>
  getJson<ImageBatch>(batchUrl(batchId), signal);

/** URL of the table of a batch. */
export const imageTableUrl = (batchId: string) => batchUrl(batchId, 'table');

export const cancelImageBatch = (batchId: string) =>
  postJson<ImageBatch>(batchUrl(batchId, 'cancel'), {});
