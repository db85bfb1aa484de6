import { describe, expect, it } from 'vitest';
import { jobEndOf, type RunEnd } from './job-end.js';

describe('the end of a job outside of its workflow', () => {
  it.each<[RunEnd, string, string]>([
    [{ kind: 'terminated' }, 'cancelled', 'Terminated in Temporal. Submit it again'],
    [
      { kind: 'terminated', by: 'ann', reason: 'wrong video' },
      'cancelled',
      'Terminated in Temporal by ann: wrong video. Submit it again',
    ],
    [{ kind: 'timed_out' }, 'failed', 'Not done within the time limit'],
    [{ kind: 'cancelled' }, 'cancelled', 'Cancelled before it was under way'],
    [{ kind: 'failed', reason: 'No disk.' }, 'failed', 'No disk.'],
    [{ kind: 'failed' }, 'failed', 'unknown reason'],
  ])('%o is %s', (end, status, error) => {
    expect(jobEndOf(end)).toMatchObject({
      status,
      error: expect.stringContaining(error) as string,
    });
  });
});
