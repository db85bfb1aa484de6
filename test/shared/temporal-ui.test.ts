import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VIDEO_DETECTION } from '../../domain/names.js';
import { CLIP_KINDS, makeClip } from '../support/clips.js';
import type { JobHandle } from '../support/jobs.js';
import { PAGE_URL } from '../support/shared-settings.js';
import { connectSharedStack, type SharedConnection } from '../support/shared-stack.js';

const CLIP = { ...CLIP_KINDS.find(({ name }) => name === 'constant rate')!, frames: 60 };
const VIDEO = 'temporal-ui-video';
/** Time within which visibility lists an ended workflow. */
const VISIBLE = { timeout: 10_000 };
/** Query of the SDK that the Web UI sends for the current details. */
const METADATA_QUERY = '__temporal_workflow_metadata';

let stack: SharedConnection;
beforeAll(async () => {
  stack = await connectSharedStack();
  const path = join(stack.folder, 'clip.mp4');
  await makeClip(CLIP, path);
  await stack.putVideo(VIDEO, path);
});
afterAll(() => stack?.close());

async function detailsOf(handle: JobHandle): Promise<string | undefined> {
  return (await handle.query<{ currentDetails?: string }>(METADATA_QUERY)).currentDetails;
}

async function summariesOf(handle: JobHandle): Promise<readonly string[]> {
  const { events } = await handle.fetchHistory();
  return (events ?? []).flatMap(({ userMetadata }) => {
    const { data } = userMetadata?.summary ?? {};
    return data ? [JSON.parse(Buffer.from(data).toString('utf8')) as string] : [];
  });
}

describe("a ready job in Temporal's Web UI", () => {
  const id = 'temporal-ui-ready';
  let handle: JobHandle;
  beforeAll(async () => {
    handle = await stack.start({ video_id: VIDEO, event_id: id, every: 1 });
    await handle.result();
  });

  it('has activities that name the frames of their range, and the device', async () => {
    const summaries = await summariesOf(handle);
    for (const [range, frames] of ['0 to 14', '15 to 29', '30 to 44', '45 to 59'].entries()) {
      expect(summaries).toContain(`range ${range}: frames ${frames}`);
      expect(summaries).toContain(`range ${range}: frames ${frames}, cpu`);
    }
  });

  it('has details with counts, and links to its page and result', async () => {
    const details = await detailsOf(handle);
    const { summary, video } = await stack.result(id);
    const [name = ''] = Object.keys(summary.objects_by_class);
    const count = summary.objects_by_class[name] ?? 0;
    const counts = `60 of 60 frames on cpu, ${summary.objects} objects (${name} ${count}`;
    expect(details).toContain(`**ready**\n\n${counts}`);
    const { width, height } = video.size;
    expect(details).toMatch(`\n\nVideo: ${width}x${height}, 25 frames per second, 60 frames\n\n`);
    expect(details).toContain(`(${PAGE_URL}/#/job/${id})`);
    expect(details).toContain(`(${PAGE_URL}/api/v1/jobs/${id}/result)`);
  });

  it('is found by the classes and counts of its result', async () => {
    const { summary } = await stack.result(id);
    const [first] = Object.keys(summary.objects_by_class);
    expect(first).toBeDefined();
    const counts = `Frames = 60 AND Skipped = 0 AND Objects = ${summary.objects}`;
    const query = `WorkflowType = '${VIDEO_DETECTION}' AND EventId = '${id}' AND ${counts}`;
    await expect.poll(() => countOf(`${query} AND Classes = '${first}'`), VISIBLE).toBe(1);
    expect(await countOf(`${query} AND Classes = 'unknown'`)).toBe(0);
  });
});

describe("a rerun in Temporal's Web UI", () => {
  it('is found by the job that it repeats', async () => {
    const rerun_of = 'temporal-ui-original';
    await stack.run({ video_id: VIDEO, event_id: 'temporal-ui-rerun', every: 10, rerun_of });
    await expect.poll(() => countOf(`RerunOf = '${rerun_of}'`), VISIBLE).toBe(1);
  });
});

describe("a failed job in Temporal's Web UI", () => {
  it('has the reason in its details', async () => {
    const handle = await stack.start({
      video_id: 'temporal-ui-missing',
      event_id: 'temporal-ui-x',
    });
    const failure: unknown = await handle.result().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(await detailsOf(handle)).toMatch(/^\*\*failed\*\*: No video "temporal-ui-missing"/);
  });
});

async function countOf(query: string): Promise<number> {
  return (await stack.client.workflow.count(query)).count;
}
