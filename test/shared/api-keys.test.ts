import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApi } from '../support/api.js';
import { CLIP_KINDS, makeClip } from '../support/clips.js';
import { commandOn } from '../support/command-line.js';
import {
  connectSharedStack,
  readSharedLogs,
  type SharedConnection,
} from '../support/shared-stack.js';

interface MadeKey {
  readonly key: string;
  readonly key_id: string;
}

let stack: SharedConnection;
beforeAll(async () => {
  stack = await connectSharedStack();
});
afterAll(() => stack?.close());

const vidette = (...args: string[]) => commandOn(stack, ...args);
const make = async (name: string, scopes: string) =>
  (await vidette('keys', 'create', name, '--scopes', scopes)) as MadeKey;

const statusWith = async (key: string) => {
  const headers = { authorization: `Bearer ${key}` };
  return (await fetch(`${stack.keysApiUrl}/api/v1/jobs`, { headers })).status;
};

test('a key of the command line grants access until it is revoked', async () => {
  const { key } = await make('api-keys-camera', 'read');
  expect(await statusWith(`${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`)).toBe(401);
  expect(await statusWith(key)).toBe(200);
  await vidette('keys', 'revoke', 'api-keys-camera');
  await expect.poll(() => statusWith(key), { timeout: 30_000, interval: 500 }).toBe(401);
});

test('no stored or logged value grants access', async () => {
  const { key, key_id: id } = await make('api-keys-kept', 'read,write');
  expect(await statusWith(key)).toBe(200);
  const keys = await stack.documents.apiKeys.list();
  expect(keys.find(({ key_id }) => key_id === id)).toMatchObject({ scopes: ['read', 'write'] });
  expect(JSON.stringify(keys)).not.toContain(key);
  expect(await statusWith(keys[0]!.hash)).toBe(401);
  expect(await readSharedLogs()).not.toContain(key);
  expect(JSON.stringify(await vidette('keys', 'list'))).not.toMatch(/vidette_|"hash"/);
});

test('a name in use is rejected for another key', async () => {
  await make('api-keys-twice', 'read');
  await expect(make('api-keys-twice', 'read')).rejects.toThrow(
    'An active key is already named "api-keys-twice"',
  );
});

test('an event stream ends at once when the API is stopped', async () => {
  const api = await startApi(stack);
  const path = join(stack.folder, 'long.mp4');
  await makeClip({ ...CLIP_KINDS[0]!, frames: 5000 }, path);
  await stack.putVideo('api-keys-long', path);
  const job = await stack.start({
    ...{ video_id: 'api-keys-long', event_id: 'api-keys-streamed', every: 1, frames: 'none' },
  });
  const response = await fetch(`${api.url}/api/v1/jobs/api-keys-streamed/events`);
  expect(response.status).toBe(200);
  const ended = response.text().catch(() => 'cut off');
  await sleep(500);
  const from = Date.now();
  await api.stop();
  const stoppedAfter = Date.now() - from;
  await ended;
  expect((await job.describe()).status.name).toBe('RUNNING');
  await job.cancel();
  // The API closes requests that do not end by themselves after 10 s.
  expect(stoppedAfter).toBeLessThan(9000);
});
