import { describe, expect, it } from 'vitest';
import { describeBatch, endedShare, retryLabel } from './batch-text.js';

it('describes a batch by its model and start', () => {
  const started_at = '2026-05-04T09:30:00.000Z';
  expect(describeBatch({ model: 'yolox_nano@1', started_at })).toMatch(/^yolox_nano@1 · .*2026/);
  expect(describeBatch({ model: null, started_at })).not.toContain('·');
});

describe('retryLabel', () => {
  const closed = { status: 'ready', failed: 0, cancelled: 0, missing: 0 } as const;
  it.each([
    [closed, undefined],
    [{ ...closed, failed: 2 }, 'Retry 2 failed'],
    [{ ...closed, failed: 2, missing: 1 }, 'Retry 3 jobs'],
    [{ ...closed, status: 'cancelled', cancelled: 1 } as const, 'Retry 1 job'],
    [{ ...closed, status: 'processing', failed: 2 } as const, undefined],
  ])('of %j is %s', (batch, label) => expect(retryLabel(batch)).toBe(label));
});

it('counts jobs that run or wait as not ended', () => {
  expect(endedShare({ total: 40, running: 4, waiting: 6 })).toBe(0.75);
});
