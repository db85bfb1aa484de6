import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type CameraRunner, type CameraRunnerOptions, startCamera } from './camera-runner.js';
import type { FromCamera } from './protocol.js';

/** A camera process that reports its task, and exits when a slot is free. */
const SCRIPT = `
process.on('message', (message) => {
  if (message.type === 'free') process.exit(3);
  if (message.type !== 'start') return;
  const { task } = message;
  process.send({ type: 'failed', code: 'BAD_VIDEO', message: task.url, facts: {
    slots: task.slots.length, notBefore: task.notBefore, fps: task.parameters.fps,
  } });
});
process.on('disconnect', () => process.exit(0));
`;

let folder: string;
let runner: CameraRunner | undefined;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-runner-'));
  await writeFile(join(folder, 'camera.mjs'), SCRIPT);
});
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(() => runner?.stop());

function start() {
  const received: FromCamera[] = [];
  const owners: Parameters<CameraRunnerOptions['onMessage']>[1][] = [];
  const losses: string[] = [];
  let starts = 0;
  runner = startCamera({
    command: () => ({ entry: join(folder, 'camera.mjs'), wrapper: [] }),
    lockFile: join(folder, 'lock'),
    pixelsFolder: join(folder, 'pixels'),
    task: { url: 'rtsp://a', parameters: { fps: 2 }, settings: {} } as CameraRunnerOptions['task'],
    notBefore: () => 40 + losses.length,
    onMessage: (message, owner) => {
      received.push(message);
      owners.push(owner);
    },
    onStarted: () => void starts++,
    onLost: (how) => losses.push(how),
  });
  return { runner, received, owners, losses, starts: () => starts };
}

const factsOf = (message: FromCamera | undefined) => message?.type === 'failed' && message.facts;

it('sends the task to the process, and replaces one that ends', async () => {
  const { runner: camera, received, owners, losses, starts } = start();
  await expect.poll(() => received).toHaveLength(1);
  expect(received[0]).toMatchObject({ message: 'rtsp://a' });
  expect(factsOf(received[0])).toEqual({ slots: 4, notBefore: 40, fps: 2 });
  expect(owners[0]!.pathOf(1)).toBe(join(folder, 'pixels/0/1.raw'));
  const { pid } = camera;
  camera.configure({ fps: 5 } as Parameters<CameraRunner['configure']>[0]);
  owners[0]!.free(0);
  await expect.poll(() => received).toHaveLength(2);
  expect([losses, starts()]).toEqual([['exit code 3'], 2]);
  expect(camera.pid).not.toBe(pid);
  expect(factsOf(received[1])).toEqual({ slots: 4, notBefore: 41, fps: 5 });
  expect(owners[1]!.pathOf(1)).toBe(join(folder, 'pixels/1/1.raw'));
});

it('does not free slots of a process that was replaced', async () => {
  const { received, owners, losses } = start();
  await expect.poll(() => received).toHaveLength(1);
  owners[0]!.free(0);
  await expect.poll(() => received).toHaveLength(2);
  owners[0]!.free(1);
  await new Promise((done) => setTimeout(done, 100));
  expect(losses).toHaveLength(1);
});

it('ends the process for good', async () => {
  const { runner: camera, received, losses } = start();
  await expect.poll(() => received).toHaveLength(1);
  const pid = camera.pid!;
  await camera.stop();
  expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
  expect([losses, camera.pid]).toEqual([[], undefined]);
  expect(await readdir(join(folder, 'pixels'))).toContain('0');
  camera.removePixels();
  await expect(readdir(join(folder, 'pixels'))).rejects.toThrow('ENOENT');
});
