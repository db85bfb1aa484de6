import { describe, expect, it } from 'vitest';
import { countJobs, formatJobCounts } from './batch.js';

const job = (id: string) => ({ video_id: `video-${id}`, event_id: id });

describe('countJobs', () => {
  const jobs = ['a', 'b', 'c', 'd', 'e', 'f'].map(job);
  const statuses = new Map([
    ...([
      ['a', 'ready'],
      ['b', 'failed'],
      ['c', 'cancelled'],
      ['d', 'processing'],
      ['e', 'predictable'],
    ] as const),
    ['other', 'ready'] as const,
  ]);
  const known = { total: 6, ready: 1, failed: 1, cancelled: 1, running: 2 };

  it('counts jobs without a status as waiting while the batch is open', () => {
    expect(countJobs(jobs, statuses, true)).toEqual({ ...known, waiting: 1, missing: 0 });
  });

  it('counts them as missing in a closed batch', () => {
    expect(countJobs(jobs, statuses, false)).toEqual({ ...known, waiting: 0, missing: 1 });
  });
});

it('lists the counts that are not 0', () => {
  expect(formatJobCounts({ waiting: 7, ready: 31, failed: 2, cancelled: 0 })).toBe(
    '31 ready, 2 failed, 7 waiting',
  );
});
