import { describe, expect, it } from 'vitest';
import { canMoveTo, isClosed, JOB_STATUSES, type JobStatus } from './job-status.js';

const MOVES: Readonly<Record<JobStatus, readonly JobStatus[]>> = {
  processing: ['predictable', 'ready', 'failed', 'cancelled'],
  predictable: ['ready', 'failed', 'cancelled'],
  ready: [],
  failed: [],
  cancelled: [],
};

describe('a status', () => {
  it.each(JOB_STATUSES)('moves forward only, and never out of a closed one: %s', (from) => {
    expect(JOB_STATUSES.filter((to) => canMoveTo(from, to))).toEqual(MOVES[from]);
    expect(isClosed(from)).toBe(MOVES[from].length === 0);
  });
});
