import { describe, expect, it } from 'vitest';
import { explain } from '../../cli/output.js';
import { AppError } from '../../domain/errors.js';
import { serverUnavailable } from '../../domain/server-unavailable.js';
import { problemOf } from './problem.js';

describe('a problem', () => {
  it.each([
    ['bring-video', 'POST /api/v1/videos', 'path of a video'],
    ['list-jobs', 'GET /api/v1/jobs', 'vidette jobs'],
    ['get-model', 'GET /model_info', 'vidette models pull'],
  ] as const)('says how those who read it help themselves: %s', (advice, overHttp, typed) => {
    const error = new AppError('INVALID_INPUT', 'It is not there.', {}, { advice });
    const { detail } = problemOf(error, 'a')!;
    expect(detail).toMatch(/^It is not there\. /);
    expect(detail).toContain(overHttp);
    expect(detail).not.toContain(typed);
    expect(explain(error)).toContain(typed);
    expect(explain(error)).not.toContain(overHttp);
  });
});

it('answers 503 with the name of a server that does not answer, not with its endpoint', () => {
  const facts = { endpoint: 'http://store:9000', bucket: 'videos' };
  const error = serverUnavailable('object store', facts, new Error('connect ECONNREFUSED'));
  expect(problemOf(error, 'a')).toMatchObject({
    type: '/problems/not-ready',
    status: 503,
    detail: 'The object store does not answer; try again soon.',
  });
});
