import { expect, it } from 'vitest';
import type { Batch } from '../client/index.js';
import { formatBatch, formatBatches } from './batch-text.js';

const BATCH: Batch = {
  ...{ batch_id: 'batch-1', status: 'ready', model: 'mock@1', workflow_id: 'video-batch/batch-1' },
  ...{ started_at: '2026-01-01T00:00:00.000Z', total: 40, ready: 31, failed: 2, cancelled: 0 },
  ...{ running: 0, waiting: 7, deleted: 0, missing: 0 },
};

it('lists batches with the number of their jobs', () => {
  expect(formatBatches([BATCH])).toMatch(/^batch-1 +ready +31 ready, 2 failed, 7 waiting +mock@1/m);
  expect(formatBatches([])).toContain('vidette detect');
});

it('shows a batch, and the file of its objects if there is one', () => {
  expect(formatBatch(BATCH, '/tmp/a.csv')).toMatch(
    /jobs +40: 31 ready, 2 failed, 7 waiting\n[^]*csv +\/tmp\/a\.csv/,
  );
  expect(formatBatch(BATCH, null)).not.toContain('csv');
});
