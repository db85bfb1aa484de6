import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VidetteClient } from '../../client/index.js';
import { makeClip } from '../support/clips.js';
import { connectSharedStack, type SharedConnection } from '../support/shared-stack.js';
import { clientOf } from '../support/vidette-client.js';

const CLIP = {
  ...{ name: 'long ids', extension: 'mp4', frames: 20 },
  options: ['-c:v', 'libx264', '-preset', 'veryfast'],
};
const LONGEST = 'long-ids-'.padEnd(128, 'x');

let stack: SharedConnection;
let client: VidetteClient;
beforeAll(async () => {
  stack = await connectSharedStack();
  client = clientOf(stack);
});
afterAll(() => stack?.close());

/** Makes the clip under a name, without its extension. */
async function makeNamed(name: string): Promise<string> {
  const path = join(stack.folder, `${name}.mp4`);
  await makeClip(CLIP, path);
  return path;
}

describe('an id of the longest accepted length', () => {
  it.each([
    ['lobby_camera_2_2024-05-12_10-00-00_to_'.padEnd(200, 'y'), 90],
    ['監視カメラ'.repeat(16), 31],
  ])('is derived from the file name %s', async (name, length) => {
    const path = await makeNamed(name);
    const { event_id } = await client.submit({ path }, { every: 10 });
    expect(event_id).toHaveLength(length);
    expect(await client.result(event_id)).toMatchObject({ status: 'ready', frames: 2 });
    const again = await client.rerun(event_id);
    expect(await client.result(again.event_id)).toMatchObject({ status: 'ready', frames: 2 });
  });

  it.each(['objects', 'packed', 'none'] as const)(
    'names a job, its render and its rerun with frames %s',
    async (frames) => {
      const path = await makeNamed('long-ids');
      const event_id = `${LONGEST.slice(0, -frames.length)}${frames}`;
      await client.submit({ path }, { every: 10, frames, event_id });
      expect(await client.result(event_id)).toMatchObject({ status: 'ready', frames: 2 });
      const again = await client.rerun(event_id);
      expect(await client.result(again.event_id)).toMatchObject({ status: 'ready', frames: 2 });
      const video = await client.annotatedVideo(event_id, { timeoutMs: 30_000 });
      expect(video.state).toBe('ready');
    },
  );

  it('names a schedule and its runs', async () => {
    const { video_id } = await client.submit({ path: await makeNamed('long-ids') }, { every: 10 });
    const schedule_id = LONGEST;
    const input = { video_id, every: 10 };
    await client.schedule.create({ schedule_id, input, interval_s: 86_400 });
    try {
      await client.schedule.trigger(schedule_id);
      const recent = async () => {
        const all = await client.schedule.list();
        return all.find((each) => each.schedule_id === schedule_id)?.recent[0]?.event_id;
      };
      await expect.poll(recent, { timeout: 20_000 }).toMatch(/^long-ids-/);
      const event_id = (await recent())!;
      const job = () => client.job(event_id);
      await expect.poll(job, { timeout: 60_000 }).toMatchObject({ status: 'ready', error: null });
      expect(await client.result(event_id)).toMatchObject({ status: 'ready', frames: 2 });
    } finally {
      await client.schedule.delete(schedule_id);
    }
  });
});
