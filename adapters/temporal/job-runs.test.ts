import type { Client, WorkflowExecutionStatusName } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { VIDEO_DETECTION } from '../../domain/names.js';
import { createJobRuns } from './job-runs.js';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
const REEL = 'render-reel/e0.e1/0.25_0.3';
const DELETION_START = at(30);

interface FakeRun {
  readonly workflowId: string;
  readonly runId: string;
  readonly status: WorkflowExecutionStatusName;
  readonly startTime: Date;
  readonly type?: string;
  readonly closeTime?: Date;
  readonly firstRunId?: string;
  readonly cancelRequested?: boolean;
}

/** Creates a client whose server has some runs; of a workflow, the newest is the last one. */
function createClient(runs: readonly FakeRun[]) {
  const requests: string[] = [];
  const record = (request: string) => {
    requests.push(request);
    return Promise.resolve();
  };
  const find = (workflowId: string, runId?: string) =>
    runs.findLast(
      (run) => run.workflowId === workflowId && (runId === undefined || run.runId === runId),
    );
  const describeRun = (workflowId: string, runId?: string) => {
    const run = find(workflowId, runId);
    if (!run) {
      const error = Object.assign(new Error('not found'), { name: 'WorkflowNotFoundError' });
      return Promise.reject(error);
    }
    const { status: name, type = VIDEO_DETECTION, firstRunId, cancelRequested } = run;
    const raw = {
      workflowExecutionInfo: { firstRunId },
      workflowExtendedInfo: { cancelRequested },
    };
    return Promise.resolve({ ...run, type, status: { name }, raw });
  };
  const workflow = {
    getHandle: (workflowId: string, runId?: string) => ({
      describe: () => describeRun(workflowId, runId),
      cancel: () => record(`cancel ${runId}`),
      terminate: () => record(`terminate ${runId}`),
    }),
    list: async function* ({ query }: { query: string }) {
      await Promise.resolve();
      yield* runs.filter(({ workflowId }) => query === `WorkflowId = "${workflowId}"`);
    },
  };
  // The parts of a client that are used.
  return { jobRuns: createJobRuns({ workflow } as unknown as Client), requests };
}

const JOB = 'video-detection/e1';
const end = (runs: readonly FakeRun[], force = false) => {
  const { jobRuns, requests } = createClient(runs);
  const startedBefore = DELETION_START;
  const job = { eventId: 'e1', workflowId: undefined, renders: [REEL], startedBefore, force };
  return jobRuns.end(job).then((ended) => ({ ...ended, requests }));
};
const running = { workflowId: JOB, runId: 'a', status: 'RUNNING', startTime: at(0) } as const;

describe('end', () => {
  it('finds all closed runs of a job and of its renders', async () => {
    const done = { status: 'COMPLETED', startTime: at(0), closeTime: at(9) } as const;
    const runs = [
      { workflowId: JOB, runId: 'a', ...done, status: 'FAILED' as const },
      { workflowId: JOB, runId: 'b', ...done },
      { workflowId: 'annotate-video/e1', runId: 'c', ...done, type: 'AnnotateVideo' },
      { workflowId: 'video-detection/e10', runId: 'd', ...done },
    ];
    const { runs: found, running: isRunning, settling, requests } = await end(runs);
    expect(found.map(({ run_id }) => run_id).sort()).toEqual(['a', 'b', 'c']);
    expect({ isRunning, settling, requests }).toEqual({
      ...{ isRunning: false, settling: false, requests: [] },
    });
  });

  it.each([
    ['cancels a running run', running, false, ['cancel a']],
    ['does not cancel it twice', { ...running, cancelRequested: true }, false, []],
    [
      'terminates it if it did not close',
      { ...running, cancelRequested: true },
      true,
      ['terminate a'],
    ],
    [
      'cancels a run that continues one from before the deletion',
      { ...running, runId: 'b', startTime: at(40), firstRunId: 'a' },
      false,
      ['cancel b'],
    ],
  ])('%s', async (_, run, force, requests) => {
    const first = { ...running, status: 'CONTINUED_AS_NEW', closeTime: at(20) } as const;
    const before = run.runId === 'b' ? [first] : [];
    expect(await end([...before, run], force)).toMatchObject({ running: true, requests });
  });

  it('leaves a new job with the same id running, and finds the old one', async () => {
    const old = { ...running, status: 'COMPLETED', closeTime: at(9) } as const;
    const other = { ...running, runId: 'b', startTime: at(31), firstRunId: 'b' };
    expect(await end([old, other])).toEqual({
      runs: [{ workflow_id: JOB, run_id: 'a' }],
      ...{ running: false, settling: false, requests: [] },
    });
  });

  it.each([
    ['TERMINATED', 1, true],
    ['TIMED_OUT', 1, true],
    ['TERMINATED', 31, false],
    ['COMPLETED', 1, false],
    ['CANCELLED', 1, false],
  ] as const)(
    'expects activities to write after %s, %i s ago: %s',
    async (status, ago, settling) => {
      const closeTime = new Date(Date.now() - ago * 1000);
      expect(await end([{ ...running, status, closeTime }])).toMatchObject({ settling });
    },
  );
});

it.each([
  ['a job with a running run', [running], true],
  ['a job that has ended', [{ ...running, status: 'COMPLETED' }], false],
  ['a job with a running render', [{ ...running, workflowId: 'annotate-video/e1' }], true],
  ['a job with a running reel', [{ ...running, workflowId: 'render-reel/e0.e1/0.25_0.3' }], true],
  ['a job with another reel', [{ ...running, workflowId: 'render-reel/e0.e1/0.5_0.3' }], false],
  ['a job with another workflow id', [{ ...running, workflowId: 'nightly' }], true],
  ['another job', [{ ...running, workflowId: 'video-detection/e10' }], false],
] as const)('reports whether %s is running', async (_, runs, isRunning) => {
  const { jobRuns } = createClient(runs);
  expect(await jobRuns.isRunning({ eventId: 'e1', workflowId: 'nightly', renders: [REEL] })).toBe(
    isRunning,
  );
});

it.each([
  ['RUNNING', true],
  ['PAUSED', true],
  ['COMPLETED', false],
] as const)('reports a deletion that is %s: %s', async (status, isRunning) => {
  const { jobRuns } = createClient([{ ...running, workflowId: 'delete-job/e1', status }]);
  expect(await jobRuns.isBeingDeleted('e1')).toBe(isRunning);
  expect(await jobRuns.isBeingDeleted('e2')).toBe(false);
});

it.each([
  ['RUNNING', true],
  ['PAUSED', true],
  ['CANCELLED', false],
] as const)('reports a batch that is %s as running: %s', async (status, isRunning) => {
  const { jobRuns } = createClient([{ ...running, workflowId: 'video-batch/b1', status }]);
  expect(await jobRuns.isWorkflowRunning('video-batch/b1')).toBe(isRunning);
  expect(await jobRuns.isWorkflowRunning('video-batch/b2')).toBe(false);
});
