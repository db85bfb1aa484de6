import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { MOCK_MODEL_NAME } from '../../domain/model/known-models.js';
import { workflowIdOf } from '../../domain/workflow-ids.js';
import { startApi, type TestApi } from '../support/api.js';
import { CLIP_KINDS, makeClip } from '../support/clips.js';
import { DELETE_RUNS_SOON } from '../support/delete-runs-soon.js';
import { startStack, type TestStack } from '../support/stack.js';

const KNOWN = ['known-1', 'known-2', 'known-3'];
const FORGOTTEN = ['gone-1', 'gone-2', 'gone-3', 'gone-4', 'gone-5'];
const FAILED = ['gone-failed', 'known-failed'];
/** Job that fails before it has an event. */
const UNOPENED = 'no-video';
const ALL = [...KNOWN, ...FORGOTTEN, ...FAILED, UNOPENED].sort();
const DELETED_WITHIN_MS = 90_000;

let stack: TestStack;
let api: TestApi;
beforeAll(async () => {
  stack = await startStack({ VIDETTE_MODEL: MOCK_MODEL_NAME }, DELETE_RUNS_SOON);
  api = await startApi(stack);
  const path = join(stack.folder, 'clip.mp4');
  await makeClip({ ...CLIP_KINDS[0]!, frames: 20 }, path);
  await stack.putVideo('clip', path);
  const broken = join(stack.folder, 'broken.mp4');
  await writeFile(broken, 'no video at all');
  await stack.putVideo('broken', broken);
  const job = (event_id: string, video_id = 'clip') => ({ video_id, event_id });
  // In turn, so that deleted jobs are listed between existing ones.
  for (const id of [KNOWN[0]!, ...FORGOTTEN, KNOWN[1]!, KNOWN[2]!]) await stack.run(job(id));
  for (const id of FAILED) await expect(stack.run(job(id, 'broken'))).rejects.toThrow();
  await expect(stack.run(job(UNOPENED, 'nowhere'))).rejects.toThrow();
  await Promise.all(ALL.filter((id) => id.startsWith('gone')).map(forget));
});
afterAll(async () => {
  await api?.stop();
  await stack?.close();
});

/** Deletes a workflow from Temporal, as its retention does. */
async function forget(eventId: string): Promise<void> {
  const { workflowService, options, workflow } = stack.client;
  const { namespace } = options;
  const workflowId = workflowIdOf(eventId);
  await workflowService.deleteWorkflowExecution({ namespace, workflowExecution: { workflowId } });
  const query = `WorkflowId = '${workflowId}'`;
  const isGone = async () => expect((await workflow.count(query)).count).toBe(0);
  await vi.waitFor(isGone, { timeout: DELETED_WITHIN_MS, interval: 100 });
}

interface Page {
  readonly jobs: readonly { readonly event_id: string; readonly status: string }[];
  readonly next: string | null;
}

/** Returns the ids of all jobs of a list, page by page. */
async function pagesOf(query: string): Promise<string[]> {
  const seen: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const url = `${api.url}/api/v1/jobs?${query}${cursor && `&cursor=${cursor}`}`;
    const page = (await (await fetch(url)).json()) as Page;
    seen.push(...page.jobs.map(({ event_id }) => event_id));
    cursor = page.next;
  }
  return seen;
}

describe('pages of jobs, some of which Temporal has deleted', () => {
  it.each([1, 2, 3, 7, 100])('list each job once by pages of %i', async (limit) => {
    expect((await pagesOf(`limit=${limit}`)).sort()).toEqual(ALL);
  });

  it('lists the newest first, whether or not Temporal still has them', async () => {
    const inOrder = [UNOPENED, ...FAILED, KNOWN[2], KNOWN[1], ...FORGOTTEN.toReversed(), KNOWN[0]];
    const ids = await pagesOf('limit=2');
    expect(ids.filter((id) => !FAILED.includes(id))).toEqual(
      inOrder.filter((id) => !FAILED.includes(id!)),
    );
  });

  it.each<[string, readonly string[]]>([
    ['status=ready', [...KNOWN, ...FORGOTTEN]],
    ['status=failed', [...FAILED, UNOPENED]],
    ['text=no-video', [UNOPENED]],
    ['status=cancelled', []],
    ['text=GONE', ALL.filter((id) => id.startsWith('gone'))],
    ['text=clip', [...KNOWN, ...FORGOTTEN]],
    ['text=broken', FAILED],
    ['text=known&status=failed', ['known-failed']],
  ])('filter running and deleted jobs by %s', async (query, expected) => {
    expect((await pagesOf(`limit=2&${query}`)).sort()).toEqual([...expected].sort());
  });

  it('show a deleted job as its event describes it', async () => {
    const job = await (await fetch(`${api.url}/api/v1/jobs/gone-1`)).json();
    expect(job).toMatchObject({ event_id: 'gone-1', video_id: 'clip', status: 'ready' });
  });
});
