import { WorkflowNotFoundError } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { describeRun } from './temporal-runs.js';

/** A client of Temporal whose requests for one run are answered by `answer`. */
const clientWith = (answer: () => Promise<string>) => ({
  workflow: {
    getHandle: (workflowId: string, runId = 'newest') => ({
      describe: async () => `${workflowId}/${runId}: ${await answer()}`,
    }),
  },
});

describe('describeRun', () => {
  const running = clientWith(() => Promise.resolve('running'));

  it('describes the newest run, or the given one', async () => {
    expect(await describeRun(running, 'w')).toBe('w/newest: running');
    expect(await describeRun(running, 'w', 'first')).toBe('w/first: running');
  });

  it('returns undefined for an unknown workflow', async () => {
    const missing = new WorkflowNotFoundError('not found', 'w', undefined);
    expect(
      await describeRun(
        clientWith(() => Promise.reject(missing)),
        'w',
      ),
    ).toBeUndefined();
  });

  it('forwards other errors', async () => {
    const refused = new Error('refused');
    await expect(
      describeRun(
        clientWith(() => Promise.reject(refused)),
        'w',
      ),
    ).rejects.toBe(refused);
  });
});
