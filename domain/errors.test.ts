import { expect, it } from 'vitest';
import { AppError, withAdvice } from './errors.js';

const WORDS = { 'list-jobs': 'Look at the list.' };

it.each([
  ['list-jobs', 'No such job. Look at the list.'],
  ['get-model', 'No such job.'],
  [undefined, 'No such job.'],
] as const)('adds the text of advice %s if the audience has one', (advice, expected) => {
  const error = new AppError('JOB_NOT_FOUND', 'No such job.', {}, { advice });
  expect(withAdvice(error, WORDS)).toBe(expected);
});
