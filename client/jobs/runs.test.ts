import type { WorkflowExecutionStatusName } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import type { JobStatus } from '../../domain/job/job-status.js';
import { statusOf } from './runs.js';

describe('statusOf', () => {
  it.each<[WorkflowExecutionStatusName, string | undefined, JobStatus]>([
    ['RUNNING', undefined, 'processing'],
    ['RUNNING', 'processing', 'processing'],
    ['RUNNING', 'predictable', 'predictable'],
    // The attribute is set a moment before the run closes: it is not over before Temporal says so.
    ['RUNNING', 'ready', 'processing'],
    ['CONTINUED_AS_NEW', undefined, 'processing'],
    ['COMPLETED', 'predictable', 'ready'],
    ['FAILED', 'failed', 'failed'],
    ['TIMED_OUT', 'processing', 'failed'],
    ['TERMINATED', 'predictable', 'cancelled'],
    ['CANCELLED', 'processing', 'cancelled'],
  ])('%s with attribute %s is %s', (state, attribute, status) => {
    expect(statusOf(state, attribute)).toBe(status);
  });
});
