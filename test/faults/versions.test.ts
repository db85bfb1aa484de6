import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createWorkerDirectory } from '../../adapters/temporal/worker-directory.js';
import type { JobRequest } from '../../domain/job/job-input.js';
import { DETECT_QUEUES } from '../../domain/job/task-queues.js';
import { CLIP_KINDS, makeClip } from '../support/clips.js';
import type { JobHandle } from '../support/jobs.js';
import { startStack, type TestStack } from '../support/stack.js';
import { startWorkers, type TestWorkers } from '../support/workers.js';

const DEPLOYMENT = 'vidette';
type Build = 'old' | 'new';
const CLIP = { ...CLIP_KINDS.find(({ name }) => name === 'constant rate')!, frames: 1200 };
/** A job on all frames outlasts the start of a worker; one on every tenth ends soon. */
const LONG = { every: 1, sampled: CLIP.frames, some: 100 };
const SHORT = { every: 10, sampled: CLIP.frames / 10 };
/** The long job continues as new. */
const EVENTS_OF_A_RUN = 40;
const RUNS_FOR_MS = 180_000;

let stack: TestStack;
let newWorkers: TestWorkers;
beforeAll(async () => {
  stack = await startStack({ ...variablesOf('old'), VIDETTE_WINDOW: '2' }, [
    `limit.historyCount.suggestContinueAsNew=${EVENTS_OF_A_RUN}`,
  ]);
  const path = join(stack.folder, 'long.mp4');
  await makeClip(CLIP, path);
  await stack.putVideo('long', path);
  await makeCurrent('old');
});
afterAll(async () => {
  await newWorkers?.stop();
  await stack?.close();
});

function variablesOf(build: Build) {
  return { TEMPORAL_DEPLOYMENT_NAME: DEPLOYMENT, TEMPORAL_BUILD_ID: build };
}

/** Sets the current version, as `temporal worker deployment set-current-version` does. */
async function makeCurrent(buildId: Build): Promise<void> {
  const { workflowService, options } = stack.client;
  const { namespace } = options;
  const set = () =>
    workflowService.setWorkerDeploymentCurrentVersion({
      namespace,
      deploymentName: DEPLOYMENT,
      buildId,
    });
  // Temporal lists a version shortly after its workers begin to poll.
  await vi.waitFor(set, { timeout: 30_000, interval: 100 });
}

function job(
  event_id: string,
  { every }: { readonly every: number },
  frames: JobRequest['frames'] = 'objects',
): JobRequest {
  return { video_id: 'long', event_id, frames, every };
}

/** Returns the builds that completed the workflow tasks of a job's latest run. */
async function buildsOf({ workflowId }: JobHandle): Promise<string[]> {
  const { events } = await stack.client.workflow.getHandle(workflowId).fetchHistory();
  const builds = (events ?? []).map(
    (event) => event.workflowTaskCompletedEventAttributes?.deploymentVersion?.buildId,
  );
  return [...new Set(builds.filter((build) => typeof build === 'string'))];
}

describe('two builds side by side', () => {
  it(
    'finish a job on the build that it began on and start new jobs on the current one',
    async () => {
      const running = await stack.start(job('old-job', LONG));
      await stack.reached(running, LONG.some);
      const folder = join(stack.folder, 'new');
      await mkdir(join(folder, 'logs'), { recursive: true });
      newWorkers = await startWorkers(folder, {
        ...stack.settings,
        ...variablesOf('new'),
        VIDETTE_SCRATCH_DIR: join(folder, 'scratch'),
      });
      await makeCurrent('new');
      expect((await running.describe()).status.name).toBe('RUNNING');
      const later = await stack.start(job('new-job', SHORT));
      expect(await later.result()).toMatchObject({ status: 'ready', frames: SHORT.sampled });
      expect(await running.result()).toMatchObject({ status: 'ready', frames: LONG.sampled });
      const { runId } = await stack.client.workflow.getHandle(running.workflowId).describe();
      expect(runId).not.toBe(running.firstExecutionRunId);
      expect(await buildsOf(running)).toEqual(['old']);
      expect(await buildsOf(later)).toEqual(['new']);
    },
    RUNS_FOR_MS,
  );

  it('see each other as workers of a queue', async () => {
    const directory = createWorkerDirectory(stack.client);
    expect(await directory.isPolling(DETECT_QUEUES.cpu)).toBe(true);
    expect(await directory.isPolling(DETECT_QUEUES.gpu)).toBe(false);
  });

  it(
    'continue without the old build when its jobs have ended',
    async () => {
      const query = `TemporalWorkerDeploymentVersion = '${DEPLOYMENT}:old' AND ExecutionStatus = 'Running'`;
      const count = async () => (await stack.client.workflow.count(query)).count;
      await expect.poll(count, { timeout: 30_000 }).toBe(0);
      await stack.workers.stop();
      for (const frames of ['objects', 'none'] as const) {
        const outcome = await stack.run(job(`after-${frames}`, SHORT, frames));
        expect(outcome).toMatchObject({ status: 'ready', frames: SHORT.sampled });
      }
    },
    RUNS_FOR_MS,
  );
});
