import { describe, expect, it } from 'vitest';
import type { JobDetails } from '../../client/index.js';
import { AppError } from '../../domain/errors.js';
import type { JobStatus } from '../../domain/job/job-status.js';
import { exitCodeOfMany, formatMany, manyData, type VideoReport } from './many-report.js';

const submitted = (name: string) => ({ name, job: { event_id: `${name}-1`, video_id: name } });
const rejected: VideoReport = {
  name: 'empty.mp4',
  error: new AppError('BAD_VIDEO', 'empty.mp4 is empty.'),
};
const closed = (name: string, status: JobStatus): VideoReport => {
  const error = status === 'failed' ? { code: 'BAD_VIDEO', message: 'no frames' } : null;
  const job = { event_id: `${name}-1`, video_id: name, status, error, seconds: 2 } as JobDetails; // the fields that a report reads
  const report = { job, outcome: undefined, overview: undefined };
  return { ...submitted(name), closed: { report, path: null } };
};

const missing = (name: string) => ({ ...submitted(name), absent: 'missing' as const });

describe('the report of several videos', () => {
  it('has a row for each video, with the reason of a failure, and counts them', () => {
    const text = formatMany('b1', [closed('a', 'ready'), closed('b', 'failed'), rejected]);
    expect(text).toMatch(/^a +ready +- +a-1$/m);
    expect(text).toMatch(/^b +failed +BAD_VIDEO +b-1$/m);
    expect(text).toMatch(/^empty\.mp4 +rejected +- +-$/m);
    expect(text).toMatch(/^failed b: no frames\nrejected: empty\.mp4 is empty\.$/m);
    expect(text).toMatch(/^batch b1: 1 ready, 1 failed, 1 rejected$/m);
  });

  it('lists jobs that are submitted only', () => {
    const text = formatMany(null, [submitted('a'), submitted('b')]);
    expect(text).toMatch(/^VIDEO +STATUS +JOB\na +submitted +a-1$/m);
    expect(text).toMatch(/^2 submitted$/m);
    expect(manyData([submitted('a'), submitted('b'), rejected])).toEqual({
      jobs: [expect.objectContaining({ name: 'a', event_id: 'a-1' }), expect.anything()],
      rejected: [
        { name: 'empty.mp4', error: { code: 'BAD_VIDEO', message: 'empty.mp4 is empty.' } },
      ],
    });
  });

  it('counts jobs that were deleted while it waited', () => {
    const deleted = { ...submitted('b'), absent: 'deleted' as const };
    const videos = [closed('a', 'ready'), deleted];
    expect(formatMany('b1', videos)).toMatch(/^b +deleted +- +b-1$/m);
    expect(formatMany('b1', videos)).toMatch(/^batch b1: 1 ready, 1 deleted$/m);
    expect(exitCodeOfMany(videos)).toBe(3);
  });

  it('counts jobs that were not started as missing', () => {
    const videos = [closed('a', 'ready'), missing('b')];
    expect(formatMany('b1', videos)).toMatch(/^b +missing +- +b-1$/m);
    expect(formatMany('b1', videos)).toMatch(/^batch b1: 1 ready, 1 missing$/m);
  });

  it.each([
    ['a ready and a missing job', 3, [closed('a', 'ready'), missing('b')]],
    ['a failed and a missing job', 1, [closed('a', 'failed'), missing('b')]],
    ['a submitted job', 0, [submitted('a')]],
  ])('exits for %s with %i', (_, code, videos) => {
    expect(exitCodeOfMany(videos)).toBe(code);
  });

  it.each<[JobStatus[], boolean, number]>([
    [['ready', 'ready'], false, 0],
    [['ready', 'failed'], false, 1],
    [['cancelled', 'ready'], false, 3],
    [['cancelled', 'failed'], false, 1],
    [['ready'], true, 1],
  ])('exits for jobs %j, a rejected video: %s, with %i', (statuses, isRejected, code) => {
    const videos = statuses.map((status, i) => closed(String(i), status));
    expect(exitCodeOfMany(isRejected ? [rejected, ...videos] : videos)).toBe(code);
  });
});
