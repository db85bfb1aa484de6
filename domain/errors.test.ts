import { expect, it } from 'vitest';
import { AppError, withAdvice } from './errors.js';

const WORDS = { 'list-jobs': 'Look at the list.' };

it.each([
  ['list-jobs', 'No such job. Look at the list.'],
  ['get-model', 'No such job.'],
  [undefined, 'No such job.'],
] as const)('advice %s is told where there are words for it', (advice, told) => {
  const error = new AppError('JOB_NOT_FOUND', 'No such job.', {}, { advice });
  expect(withAdvice(error, WORDS)).toBe(told);
});
