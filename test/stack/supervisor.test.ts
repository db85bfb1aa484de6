import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { downStack, stackSettings, stackStatus, upStack, webAddresses } from '../../stack/index.js';
import { dataPaths } from '../../stack/data-folder.js';
import { isAlive, processOf } from '../../stack/supervisor/identity.js';
import { readStackState } from '../../stack/supervisor/stack-state.js';
import type { ServiceName } from '../../stack/supervisor/stack-plan.js';
import { createFakeStack, eventually, type FakeStack } from './fake-stack.js';

// One stack: each test continues from the state of the previous one.
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

test('starts one stack for concurrent set-ups, with all services running', async () => {
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

test('passes the settings of the stack to init and workers, and serves the Web UIs', async () => {
  const settings = await stackSettings(stack.options.config);
  expect(await environmentOf('init.json')).toMatchObject(settings ?? {});
  expect(await environmentOf('video.mjs.env.json')).toMatchObject(settings ?? {});
  expect(settings?.MINIO_SECRET_KEY).toHaveLength(32);
  const pages = await webAddresses(stack.options.config);
  for (const page of [pages?.temporal, pages?.object_store]) {
    expect((await fetch(page ?? '')).status).toBe(200);
  }
});

test('passes a webhook secret to workers and stores it readable by its owner only', async () => {
  const { webhookSecret: path } = dataPaths(stack.options.config.dataDir);
  const kept = (await readFile(path, 'utf8')).trim();
  expect(kept).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await environmentOf('video.mjs.env.json')).toMatchObject({ VIDETTE_WEBHOOK_SECRET: kept });
  expect(await stackSettings(stack.options.config)).not.toHaveProperty('VIDETTE_WEBHOOK_SECRET');
});

test('limits the heap of workers', async () => {
  for (const name of ['video_worker', 'detect_worker'] as const) {
    const { pid } = (await status())[name];
    const args = await readFile(`/proc/${pid}/cmdline`, 'utf8');
    expect(args.split('\0')).toContain('--max-old-space-size=2048');
  }
});

test('shows a worker that is not ready with its reason', async () => {
  const reason = join(stack.options.config.dataDir, 'detect.mjs.reason');
  await writeFile(reason, 'model car is missing');
  const { detect_worker, video_worker } = await status();
  expect(detect_worker).toMatchObject({ state: 'not ready', reason: 'model car is missing' });
  expect(detect_worker.pid).not.toBeNull();
  expect(video_worker.state).toBe('running');
  await rm(reason);
  expect((await status()).detect_worker.state).toBe('running');
});

test('stores credentials readable by their owner only and in no other file or argument', async () => {
  const { dataDir } = stack.options.config;
  expect((await stat(join(dataDir, 'credentials.json'))).mode & 0o777).toBe(0o600);
  const secret = (await stackSettings(stack.options.config))?.MINIO_SECRET_KEY ?? '';
  for (const file of ['run/stack.json', 'run/plan.json', 'logs/supervisor.log']) {
    expect(await readFile(join(dataDir, file), 'utf8')).not.toContain(secret);
  }
  const { pid } = (await status()).object_store;
  expect(await readFile(`/proc/${pid}/cmdline`, 'utf8')).not.toContain(secret);
});

test('restarts a worker and a server that were killed', async () => {
  const before = await status();
  for (const name of ['detect_worker', 'object_store'] as const) {
    process.kill(before[name].pid ?? 0, 'SIGKILL');
    await restarted(name, before[name].pid);
  }
  const after = await status();
  expect(after.video_worker).toEqual(before.video_worker);
  expect(after.object_store.address).toBe(before.object_store.address);
}, 180_000);

test('changes nothing on a second set-up', async () => {
  const before = await status();
  expect(await upStack(stack.options)).toEqual(before);
});

test('stops the leftovers of a killed supervisor and starts a new one', async () => {
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

test('restarts a failed worker on the next set-up', async () => {
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

test('stops every process and reports whether there was any', async () => {
  const before = await status();
  expect(await downStack(stack.options)).toBe(true);
  for (const { pid } of Object.values(before)) expect(processOf(pid ?? 0)).toBeUndefined();
  for (const { state } of Object.values(await status())) expect(state).toBe('stopped');
  expect(await stackSettings(stack.options.config)).toBeUndefined();
  expect(await downStack(stack.options)).toBe(false);
}, 180_000);
