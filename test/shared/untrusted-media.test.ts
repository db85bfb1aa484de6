import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { HOSTILE_FILES, type Targets } from '../support/hostile-files.js';
import { endOf } from '../support/job-ends.js';
import { type Listener, startListener } from '../support/listener.js';
import { encode, filtered } from '../support/media-files.js';
import { connectSharedStack, type SharedConnection } from '../support/shared-stack.js';

let stack: SharedConnection;
let listener: Listener;
let targets: Targets;
beforeAll(async () => {
  stack = await connectSharedStack();
  listener = await startListener();
  const [clip, secret] = [join(stack.folder, 'clip.mp4'), join(stack.folder, 'secret.ts')];
  await filtered(clip, 'testsrc=s=64x48:r=10:d=2');
  await encode(clip, secret, ['-c', 'copy', '-f', 'mpegts']);
  targets = { clip, secret, address: listener.address };
});
afterAll(async () => {
  listener?.close();
  await stack?.close();
});

it.concurrent.each(HOSTILE_FILES)(
  'a job on $name fails without naming anything of the machine',
  async ({ name, make }) => {
    const id = `untrusted-media-${name.replaceAll(/\W+/g, '-')}`;
    const home = join(stack.folder, id);
    const path = join(home, 'video.mp4');
    await mkdir(home);
    await make(path, targets);
    await stack.putVideo(id, path);
    const end = await endOf(stack, { video_id: id, event_id: id });
    expect(end).toMatchObject({ code: 'BAD_VIDEO' });
    const { message } = end as { message: string }; // checked above
    for (const word of [stack.folder, basename(targets.secret), targets.address]) {
      expect(message).not.toContain(word);
    }
    expect(listener.visits()).toBe(0);
  },
);

it('a video_id that begins with a dash is accepted', async () => {
  await stack.putVideo('-i', targets.clip);
  expect(await endOf(stack, { video_id: '-i', event_id: '-y' })).toEqual({ status: 'ready' });
});

it.each(['concat:a|b', '../clip', 'http://a/b', 'a b', 'file:/etc/hostname'])(
  'a video_id with a meaning to ffmpeg is rejected: %s',
  async (video_id) => {
    await expect(stack.run({ video_id }, 'untrusted-media-named')).rejects.toMatchObject({
      cause: { type: 'INVALID_INPUT', message: expect.stringContaining('video_id') as string },
    });
  },
);
