import { expect, it } from 'vitest';
import { isClosed, JOB_STATUSES } from './job-status.js';

it('is closed once it is ready, failed or cancelled', () => {
  expect(JOB_STATUSES.filter(isClosed)).toEqual(['ready', 'failed', 'cancelled']);
});
