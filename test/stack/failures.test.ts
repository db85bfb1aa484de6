import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  downStack,
  runStackForeground,
  stackStatus,
  startServers,
  upStack,
} from '../../stack/index.js';
import { isAlive, processOf } from '../../stack/supervisor/identity.js';
import { readStackState, type StackState } from '../../stack/supervisor/stack-state.js';
import { createFakeStack, eventually, type FakeStack } from './fake-stack.js';

let stack: FakeStack;

beforeEach(async () => {
  stack = await createFakeStack();
});

afterEach(() => stack.remove());

async function expectNothingRuns(): Promise<void> {
  for (const { pid } of Object.values(await stackStatus(stack.options.config))) {
    expect(pid).toBeNull();
  }
}

test('reports the last lines of a failing init and leaves nothing running', async () => {
  const init = await stack.script('bad.mjs', 'console.error("no such bucket"); process.exit(3);');
  const up = upStack({ ...stack.options, entryPoints: { ...stack.entryPoints, init } });
  await expect(up).rejects.toMatchObject({
    code: 'SETUP_FAILED',
    message: expect.stringMatching(/exited with code 3:[\s\S]*no such bucket/) as string,
  });
  await expectNothingRuns();
}, 180_000);

test('reports a worker that never becomes ready with its log after several attempts', async () => {
  const broken = await stack.script('broken.mjs', 'throw new Error("model is missing");');
  const workers = { ...stack.entryPoints.workers, detect_worker: broken };
  const up = upStack({ ...stack.options, entryPoints: { init: null, workers } });
  await expect(up).rejects.toThrow(/the detect worker failed to start[\s\S]*model is missing/);
  await expectNothingRuns();
}, 180_000);

test('reports a port in use, chooses another one and keeps it', async () => {
  const { config } = stack.options;
  const servers = await startServers(stack.options);
  await servers.stop();
  const path = join(config.dataDir, 'ports.json');
  const { temporal } = JSON.parse(await readFile(path, 'utf8')) as { temporal: number };
  const squatter = createServer().listen(temporal, '127.0.0.1');
  await once(squatter, 'listening');

  const again = await startServers(stack.options);
  await again.stop();
  squatter.close();
  expect(stack.steps.join('\n')).toContain(`Port ${temporal} is in use by another program`);
  const kept = await startServers(stack.options);
  await kept.stop();
  expect(again.settings.TEMPORAL_ADDRESS).not.toBe(servers.settings.TEMPORAL_ADDRESS);
  expect(kept.settings.TEMPORAL_ADDRESS).toBe(again.settings.TEMPORAL_ADDRESS);
  expect(again.settings.MONGO_URI).toBe(servers.settings.MONGO_URI);
}, 180_000);

test('shows a foreground stack to other processes and stops it with its signal', async () => {
  const stop = new AbortController();
  let onReady: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => (onReady = resolve));
  const running = runStackForeground({ ...stack.options, signal: stop.signal, onReady });
  await Promise.race([ready, running]);
  const status = await upStack(stack.options);
  expect(status.detect_worker.state).toBe('running');
  await expect(runStackForeground({ ...stack.options, signal: stop.signal })).rejects.toThrow(
    /already running/,
  );
  stop.abort();
  await running;
  await expectNothingRuns();
}, 180_000);

test('terminates only processes of the stack that an old state file records', async () => {
  const { config } = stack.options;
  const running = await startServers(stack.options);
  await running.stop();
  await upStack({ ...stack.options, workers: false });
  const state = await readStackState(config.dataDir);
  await downStack(stack.options);

  const sleeper = () => spawn('sleep', ['60'], { stdio: 'ignore' });
  const [leftover, stranger] = [sleeper(), sleeper()];
  const idOf = ({ pid = 0 }: { pid?: number }) => processOf(pid) ?? { pid: 0, startedAt: '' };
  const old = withProcesses(state, {
    temporal: idOf(leftover),
    object_store: { ...idOf(stranger), startedAt: 'before' },
  });
  await writeFile(join(config.dataDir, 'run/stack.json'), JSON.stringify(old));
  expect((await stackStatus(config)).object_store.pid).toBeNull();
  expect(await downStack(stack.options)).toBe(true);
  await eventually(() => (isAlive(idOf(leftover)) ? undefined : true));
  expect(isAlive(idOf(stranger))).toBe(true);
  stranger.kill();
}, 180_000);

type Pids = Partial<Record<'temporal' | 'object_store', { pid: number; startedAt: string }>>;

function withProcesses(state: StackState | undefined, processes: Pids): unknown {
  if (!state) throw new Error('no state was written');
  const services = Object.entries(processes).map(([name, process]) => [
    name,
    { ...state.services.temporal, state: 'running', process },
  ]);
  return {
    ...state,
    phase: 'ready',
    services: Object.fromEntries(services) as Record<string, unknown>,
  };
}
