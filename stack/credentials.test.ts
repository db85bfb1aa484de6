import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CAMERA_KEY } from '../domain/stream/camera-seal.js';
import { ensureCredentials, readCredentials } from './credentials.js';
import { writeJson } from './write-json.js';

let path: string;
beforeEach(async () => {
  path = join(await mkdtemp(join(tmpdir(), 'vidette-test-')), 'credentials.json');
});
afterEach(() => rm(join(path, '..'), { recursive: true }));

it('creates random credentials once, readable by their owner only', async () => {
  const credentials = await ensureCredentials(path);
  expect(credentials.cameraKey).toMatch(CAMERA_KEY);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await ensureCredentials(path)).toEqual(credentials);
});

it('adds the key of cameras to the credentials of an older version', async () => {
  const older = { accessKey: 'vidette-1', secretKey: 'secret-of-the-store' };
  await writeJson(path, older);
  expect(await readCredentials(path)).toEqual(older);
  const credentials = await ensureCredentials(path);
  expect(credentials).toMatchObject(older);
  expect(credentials.cameraKey).toMatch(CAMERA_KEY);
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(credentials);
});
