import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApi, type TestApi } from '../support/api.js';
import { CLIP_KINDS, makeClip } from '../support/clips.js';
import { commandOn } from '../support/command-line.js';
import { startStack, type TestStack } from '../support/stack.js';

interface MadeKey {
  readonly key: string;
  readonly key_id: string;
}

let stack: TestStack;
let api: TestApi;
beforeAll(async () => {
  stack = await startStack();
  api = await startApi(stack, { VIDETTE_API_AUTH: 'keys' });
});
afterAll(async () => {
  await api?.stop();
  await stack?.close();
});

const vidette = (...args: string[]) => commandOn(stack, ...args);
const make = async (name: string, scopes: string) =>
  (await vidette('keys', 'create', name, '--scopes', scopes)) as MadeKey;

const statusWith = async (key: string) => {
  const headers = { authorization: `Bearer ${key}` };
  return (await fetch(`${api.url}/api/v1/jobs`, { headers })).status;
};

test('a key of the command line opens the API until it is revoked', async () => {
  const { key } = await make('camera', 'read');
  expect(await statusWith(`${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`)).toBe(401);
  expect(await statusWith(key)).toBe(200);
  await vidette('keys', 'revoke', 'camera');
  await expect.poll(() => statusWith(key), { timeout: 30_000, interval: 500 }).toBe(401);
});

test('nothing that is kept or logged opens it', async () => {
  const { key, key_id: id } = await make('kept', 'read,write');
  expect(await statusWith(key)).toBe(200);
  const keys = await stack.documents.apiKeys.list();
  expect(keys.find(({ key_id }) => key_id === id)).toMatchObject({ scopes: ['read', 'write'] });
  expect(JSON.stringify(keys)).not.toContain(key);
  expect(await statusWith(keys[0]!.hash)).toBe(401);
  expect(await api.log()).not.toContain(key);
  expect(JSON.stringify(await vidette('keys', 'list'))).not.toMatch(/vidette_|"hash"/);
});

test('a name that is in use is not given to another key', async () => {
  await make('twice', 'read');
  await expect(make('twice', 'read')).rejects.toThrow('A key "twice" is in use');
});

test('a stream of events ends at once when the API is stopped', async () => {
  const own = await startApi(stack);
  const path = join(stack.folder, 'clip.mp4');
  await makeClip({ ...CLIP_KINDS[0]!, frames: 20 }, path);
  await stack.putVideo('clip', path);
  // It goes on for as long as no worker takes its ranges.
  const worker = stack.workers.pid('detect_worker');
  process.kill(worker, 'SIGSTOP');
  await stack.start({ video_id: 'clip', event_id: 'streamed' });
  const response = await fetch(`${own.url}/api/v1/jobs/streamed/events`);
  expect(response.status).toBe(200);
  const ended = response.text().catch(() => 'cut off');
  await sleep(500);
  const from = Date.now();
  await own.stop();
  await ended;
  process.kill(worker, 'SIGCONT');
  // Requests that do not end by themselves are cut off after 10 s only.
  expect(Date.now() - from).toBeLessThan(9000);
});
