import { expect, it } from 'vitest';
import { withAdvice } from './advice.js';
import { AppError } from './errors.js';

it.each([
  ['list-jobs', 'cli', 'No such job. List jobs with "vidette jobs".'],
  ['list-jobs', 'api', 'No such job. List all jobs with GET /api/v1/jobs.'],
  ['list-jobs', 'job', 'No such job.'],
  [undefined, 'cli', 'No such job.'],
] as const)('words advice %s for the audience %s', (advice, audience, expected) => {
  const error = new AppError('JOB_NOT_FOUND', 'No such job.', {}, { advice });
  expect(withAdvice(error, audience)).toBe(expected);
});
