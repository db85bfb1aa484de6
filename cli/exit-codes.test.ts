import { CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { AppError } from '../domain/errors.js';
import { serverUnavailable } from '../domain/server-unavailable.js';
import type { JobStatus } from '../domain/job/job-status.js';
import { exitCodeOf, exitCodeOfBatch, exitCodeOfJob, Interrupted } from './exit-codes.js';
import { explain } from './output.js';

const refused = new Error('connect ECONNREFUSED');
const unavailable = serverUnavailable('document store', { endpoint: 'localhost:1' }, refused);

describe('exitCodeOf', () => {
  it.each<[string, unknown, number]>([
    ['help', new CommanderError(0, 'commander.helpDisplayed', ''), 0],
    ['a wrong option', new CommanderError(1, 'commander.unknownOption', ''), 2],
    ['wrong input', new AppError('INVALID_INPUT', 'x'), 2],
    ['an unknown job', new AppError('JOB_NOT_FOUND', 'x'), 2],
    ['a forbidden address', new AppError('URL_FORBIDDEN', 'x'), 2],
    ['a download that failed', new AppError('DOWNLOAD_FAILED', 'x'), 1],
    ['no stack', new AppError('STACK_NOT_RUNNING', 'x'), 4],
    ['a server that is unavailable', unavailable, 4],
    ['Ctrl-C', new Interrupted('x'), 130],
    ['a bug', new TypeError('x'), 1],
    ['a thrown text', 'x', 1],
  ])('%s', (_, error, code) => {
    expect(exitCodeOf(error)).toBe(code);
  });

  it.each<[JobStatus, number]>([
    ['ready', 0],
    ['failed', 1],
    ['cancelled', 3],
  ])('of a job that is %s', (status, code) => {
    expect(exitCodeOfJob(status)).toBe(code);
  });

  it.each([
    [{ failed: 0, cancelled: 0, missing: 0 }, 0],
    [{ failed: 1, cancelled: 1, missing: 1 }, 1],
    [{ failed: 0, cancelled: 1, missing: 0 }, 3],
    [{ failed: 0, cancelled: 0, missing: 1 }, 3],
  ])('of a batch with %o', (counts, code) => {
    expect(exitCodeOfBatch(counts)).toBe(code);
  });

  it('advises what to do when a server is unavailable', () => {
    expect(explain(unavailable)).toMatch(
      /document store at localhost:1 .*ECONNREFUSED.*vidette up/,
    );
  });
});
