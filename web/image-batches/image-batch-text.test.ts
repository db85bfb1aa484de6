import { expect, it } from 'vitest';
import type { ImageBatch } from '../../api/types.js';
import { imageCounts, imageProgress, imageShare, sourceText } from './image-batch-text.js';

const BATCH: ImageBatch = {
  ...{ batch_id: 'images-1', status: 'processing', error: null, model: 'fish@4', conf: 0.25 },
  ...{ source: { bucket: 'incoming', prefix: 'day/' }, max_failed: 0.05, table: null },
  ...{ total: 1000, done: 512, failed: 2, images_per_s: 64.5, eta_s: 8 },
  ...{ created_at: '2026-05-04T09:30:00.000Z', closed_at: null, workflow_id: 'w' },
};

it('counts images with and without a list', () => {
  expect(imageCounts(BATCH)).toBe(`512 of ${(1000).toLocaleString()} images, 2 failed`);
  const unlisted = { ...BATCH, total: 0, done: 0, failed: 0 };
  expect(imageCounts(unlisted)).toBe('0 of ? images');
  expect([imageShare(BATCH), imageShare(unlisted)]).toEqual([0.512, null]);
});

it('describes progress and source', () => {
  expect(imageProgress(BATCH)).toBe('64.5 images per second · 8.0 s left');
  expect(imageProgress({ ...BATCH, images_per_s: null, eta_s: null })).toBe('');
  expect(sourceText({ bucket: 'incoming', zip: 'november.zip' })).toBe('incoming/november.zip');
});
