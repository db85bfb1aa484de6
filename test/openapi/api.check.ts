import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '../../config/index.js';
import { createApiKey, SCOPES } from '../../domain/api-key.js';
import { startApi, type TestApi } from '../support/api.js';
import { CLIP_KINDS, makeClip } from '../support/clips.js';
import { startStack, type TestStack } from '../support/stack.js';
import { runSchemathesis } from './schemathesis.js';

const EVENT_ID = 'checked';

let stack: TestStack;
let api: TestApi;
let workDir: string;
const { key, stored } = createApiKey(
  { name: 'check', scopes: SCOPES, rate_per_minute: 1_000_000 },
  new Date(),
);

beforeAll(async () => {
  stack = await startStack();
  workDir = await mkdtemp(join(tmpdir(), 'vidette-check-'));
  const clip = join(workDir, 'clip.mp4');
  await makeClip({ ...CLIP_KINDS[0]!, frames: 20 }, clip);
  await stack.putVideo('clip', clip);
  await stack.run({ video_id: 'clip', event_id: EVENT_ID });
  await stack.documents.apiKeys.insert(stored);
  api = await startApi(stack, { VIDETTE_API_AUTH: 'keys', VIDETTE_API_RATE: '1000000' });
});
afterAll(async () => {
  await api?.stop();
  await stack?.close();
  if (workDir) await rm(workDir, { recursive: true, force: true });
});

test('the API conforms to /openapi.json', async () => {
  const { cacheDir } = readConfig();
  const { url } = api;
  const checked = await runSchemathesis({ url, key, eventId: EVENT_ID, cacheDir, workDir });
  console.log(checked.report);
  expect(checked.exitCode).toBe(0);
  const errors = (await api.log()).split('\n').filter((line) => line.includes('request failed'));
  expect(errors).toEqual([]);
});
