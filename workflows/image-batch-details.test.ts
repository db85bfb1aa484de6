import { expect, it } from 'vitest';
import type { ImageBatchProgress } from '../domain/image-batch/image-batch.js';
import { describeImageBatch } from './image-batch-details.js';

const progress: ImageBatchProgress = {
  ...{ stage: 'predicting', total: 1000, done: 256, failed: 2 },
  ...{ images_per_s: 64, eta_s: 12 },
};

it('describes a running batch with its counts, rate and time left', () => {
  expect(describeImageBatch({ progress, ignored: 3 })).toBe(
    '**predicting**\n\n256 of 1000 images (25 %), about 12 s left\n\n' +
      '2 failed, 64 images per second, 3 other objects ignored',
  );
});

it('describes the end of a batch with its reason', () => {
  const end = { status: 'failed', note: '60 of 1000 images failed' } as const;
  const text = describeImageBatch({ progress, ignored: 0, end });
  expect(text).toContain('**failed**: 60 of 1000 images failed');
  expect(text).not.toContain('left');
  const opening: ImageBatchProgress = {
    ...progress,
    ...{ stage: 'opening', total: 0, done: 0, eta_s: null },
  };
  expect(describeImageBatch({ progress: opening, ignored: 0 })).toContain('0 of ? images');
});
