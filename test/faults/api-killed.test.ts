import { access, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApi, type TestApi } from '../support/api.js';
import { lanesOf, runningOf } from '../support/processes.js';
import { startStack, type TestStack } from '../support/stack.js';

/** The lock of an exited process expires after 15 s; the next sweep is at most 20 s later. */
const SWEPT = { timeout: 60_000, interval: 500 };

let stack: TestStack;
/** An API that is killed and restarted by its supervisor, and another one next to it. */
let api: TestApi;
let other: TestApi;
beforeAll(async () => {
  stack = await startStack();
  api = await startApi(stack);
  const foldersBefore = await folders();
  other = await startApi(stack);
  [otherFolder = ''] = (await folders()).filter((name) => !foldersBefore.includes(name));
});
afterAll(async () => {
  await api?.stop();
  await other?.stop();
  await stack?.close();
});

let otherFolder: string;
const parent = () => join(stack.folder, 'scratch', 'api');
const folders = async () =>
  (await readdir(parent())).filter((name) => !name.endsWith('.lock')).sort();
const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

test('leaves no lane and no request file after the API is killed', async () => {
  const { pid } = api;
  await expect.poll(() => lanesOf(pid), { timeout: 60_000 }).not.toEqual([]);
  const lanes = await lanesOf(pid);
  const [killed = ''] = (await folders()).filter((name) => name !== otherFolder);
  await writeFile(join(parent(), killed, 'image'), 'x');
  await writeFile(join(parent(), otherFolder, 'image'), 'x');
  for (const lane of lanes) process.kill(lane, 'SIGSTOP');
  process.kill(pid, 'SIGKILL');
  await expect.poll(() => runningOf(lanes), { timeout: 20_000 }).toEqual([]);
  await expect.poll(() => isThere(join(parent(), killed)), SWEPT).toBe(false);
  expect(await isThere(join(parent(), otherFolder, 'image'))).toBe(true);
  expect(await folders()).toHaveLength(2);
});
