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
    const counts = { ...known, deleted: 0, waiting: 1, missing: 0 };
    expect(countJobs({ jobs }, statuses, true)).toEqual(counts);
  });

  it('counts them as missing in a closed batch', () => {
    const counts = { ...known, deleted: 0, waiting: 0, missing: 1 };
    expect(countJobs({ jobs }, statuses, false)).toEqual(counts);
  });

  it('counts deleted jobs apart, unless they exist again', () => {
    const counts = { ...known, deleted: 1, waiting: 0, missing: 0 };
    const deleted = ['a', 'f'];
    expect(countJobs({ jobs, deleted }, statuses, true)).toEqual(counts);
    expect(countJobs({ jobs, deleted }, statuses, false)).toEqual(counts);
  });
});

it('lists the counts that are not 0', () => {
  expect(formatJobCounts({ waiting: 7, ready: 31, failed: 2, cancelled: 0 })).toBe(
    '31 ready, 2 failed, 7 waiting',
  );
});
