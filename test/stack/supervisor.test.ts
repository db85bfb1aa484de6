import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { downStack, stackSettings, stackStatus, upStack, webAddresses } from '../../stack/index.js';
import { dataPaths } from '../../stack/data-folder.js';
import { isAlive, processOf } from '../../stack/supervisor/identity.js';
import { readStackState } from '../../stack/supervisor/stack-state.js';
import type { ServiceName } from '../../stack/supervisor/stack-plan.js';
import { createFakeStack, eventually, type FakeStack } from './fake-stack.js';

// One stack through its life: each test goes on from where the one before left it.
let stack: FakeStack;

beforeAll(async () => {
  stack = await createFakeStack();
});

afterAll(() => stack.remove());

const status = () => stackStatus(stack.options.config);
const state = () => readStackState(stack.options.config.dataDir);
const supervisorPid = async () => (await state())?.supervisor.pid;

async function environmentOf(file: string): Promise<Record<string, string>> {
  const text = await readFile(join(stack.options.config.dataDir, file), 'utf8');
  return JSON.parse(text) as Record<string, string>; // written by the fake scripts
}

async function restarted(name: ServiceName, before: number | null): Promise<number> {
  return eventually(async () => {
    const { pid, state } = (await status())[name];
    return state === 'running' && pid !== null && pid !== before ? pid : undefined;
  });
}

test('two set-ups at once start one stack, and all of it runs', async () => {
  expect((await status()).temporal).toMatchObject({ pid: null, state: 'stopped' });
  const [one, two] = await Promise.all([upStack(stack.options), upStack(stack.options)]);
  expect(one).toEqual(two);
  for (const { pid, state, since, address } of Object.values(one)) {
    expect(state).toBe('running');
    expect(isAlive(processOf(pid ?? 0) ?? { pid: 0, startedAt: '' })).toBe(true);
    expect(new Date(since ?? '').toISOString()).toBe(since);
    expect(address).toMatch(/^127\.0\.0\.1:\d+$/);
  }
}, 180_000);

test('init and workers get the settings of the stack, and the Web UIs answer', async () => {
  const settings = await stackSettings(stack.options.config);
  expect(await environmentOf('init.json')).toMatchObject(settings ?? {});
  expect(await environmentOf('video.mjs.env.json')).toMatchObject(settings ?? {});
  expect(settings?.MINIO_SECRET_KEY).toHaveLength(32);
  const pages = await webAddresses(stack.options.config);
  for (const page of [pages?.temporal, pages?.object_store]) {
    expect((await fetch(page ?? '')).status).toBe(200);
  }
});

test('workers get a secret for webhooks, which is kept for the user only', async () => {
  const { webhookSecret: path } = dataPaths(stack.options.config.dataDir);
  const kept = (await readFile(path, 'utf8')).trim();
  expect(kept).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await environmentOf('video.mjs.env.json')).toMatchObject({ VIDETTE_WEBHOOK_SECRET: kept });
  expect(await stackSettings(stack.options.config)).not.toHaveProperty('VIDETTE_WEBHOOK_SECRET');
});

test('workers get a ceiling for their heap', async () => {
  for (const name of ['video_worker', 'detect_worker'] as const) {
    const { pid } = (await status())[name];
    const args = await readFile(`/proc/${pid}/cmdline`, 'utf8');
    expect(args.split('\0')).toContain('--max-old-space-size=2048');
  }
});

test('a worker that says that it is not ready is shown so, with its reason', async () => {
  const reason = join(stack.options.config.dataDir, 'detect.mjs.reason');
  await writeFile(reason, 'model car is missing');
  const { detect_worker, video_worker } = await status();
  expect(detect_worker).toMatchObject({ state: 'not ready', reason: 'model car is missing' });
  expect(detect_worker.pid).not.toBeNull();
  expect(video_worker.state).toBe('running');
  await rm(reason);
  expect((await status()).detect_worker.state).toBe('running');
});

test('credentials are readable by the user only and are in no other file or argument', async () => {
  const { dataDir } = stack.options.config;
  expect((await stat(join(dataDir, 'credentials.json'))).mode & 0o777).toBe(0o600);
  const secret = (await stackSettings(stack.options.config))?.MINIO_SECRET_KEY ?? '';
  for (const file of ['run/stack.json', 'run/plan.json', 'logs/supervisor.log']) {
    expect(await readFile(join(dataDir, file), 'utf8')).not.toContain(secret);
  }
  const { pid } = (await status()).object_store;
  expect(await readFile(`/proc/${pid}/cmdline`, 'utf8')).not.toContain(secret);
});

test('a worker and a server that are killed are started again', async () => {
  const before = await status();
  for (const name of ['detect_worker', 'object_store'] as const) {
    process.kill(before[name].pid ?? 0, 'SIGKILL');
    await restarted(name, before[name].pid);
  }
  const after = await status();
  expect(after.video_worker).toEqual(before.video_worker);
  expect(after.object_store.address).toBe(before.object_store.address);
}, 180_000);

test('a second set-up changes nothing', async () => {
  const before = await status();
  expect(await upStack(stack.options)).toEqual(before);
});

test('what a killed supervisor leaves is ended, and a new one takes its place', async () => {
  const before = await status();
  const killed = await supervisorPid();
  process.kill(killed ?? 0, 'SIGKILL');
  await eventually(async () => {
    const { pid } = (await status()).video_worker;
    return pid === null ? true : undefined;
  });
  const after = await upStack(stack.options);
  expect(await supervisorPid()).not.toBe(killed);
  expect(after.temporal.address).toBe(before.temporal.address);
  expect(after.temporal.pid).not.toBe(before.temporal.pid);
  expect(processOf(before.temporal.pid ?? 0)).toBeUndefined();
}, 180_000);

test('a worker that was given up runs again after the next set-up', async () => {
  const { detect_worker: before } = await status();
  const text = await readFile(stack.entryPoints.workers.detect_worker, 'utf8');
  await stack.script('detect.mjs', 'process.exit(1);');
  process.kill(before.pid ?? 0, 'SIGKILL');
  await eventually(async () =>
    (await status()).detect_worker.state === 'failed' ? true : undefined,
  );
  await stack.script('detect.mjs', text);
  const { detect_worker: after, video_worker } = await upStack(stack.options);
  expect(after.state).toBe('running');
  expect(video_worker.state).toBe('running');
}, 180_000);

test('going down ends every process, and says whether there was any', async () => {
  const before = await status();
  expect(await downStack(stack.options)).toBe(true);
  for (const { pid } of Object.values(before)) expect(processOf(pid ?? 0)).toBeUndefined();
  for (const { state } of Object.values(await status())) expect(state).toBe('stopped');
  expect(await stackSettings(stack.options.config)).toBeUndefined();
  expect(await downStack(stack.options)).toBe(false);
}, 180_000);
