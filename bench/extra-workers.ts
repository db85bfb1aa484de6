import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { ownEnvironment } from '../config/index.js';
import { freePort } from '../stack/ports.js';
import { projectFile } from '../platform/package-root.js';
import type { OwnStack } from './own-stack.js';

/** Workers in addition to that of the stack. */
export interface ExtraWorkers {
  readonly pids: readonly number[];
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';
const READY_TIMEOUT_MS = 120_000;

/** Starts workers with separate scratch folders, as on other machines. */
export async function startExtraWorkers(
  stack: OwnStack,
  count: number,
  kind: 'detect' | 'stream' = 'detect',
): Promise<ExtraWorkers> {
  const usedPorts = new Set<number>();
  const workers: ReturnType<typeof startWorker>[] = [];
  const stop = async () => {
    for (const { child } of workers) child.kill('SIGTERM');
    await Promise.all(workers.map(({ child }) => child));
  };
  try {
    for (let i = 0; i < count; i++) {
      const port = await freePort(usedPorts);
      usedPorts.add(port);
      workers.push(startWorker(stack, kind, port));
    }
    await Promise.all(workers.map(waitUntilReady));
    return { pids: workers.flatMap(({ child }) => child.pid ?? []), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function startWorker({ settings, scratchDir }: OwnStack, kind: string, port: number) {
  const env = {
    ...ownEnvironment(),
    ...settings,
    VIDETTE_SCRATCH_DIR: join(scratchDir, '..', `scratch-${port}`),
    VIDETTE_HEALTH_HOST: HOST,
    VIDETTE_HEALTH_PORT: String(port),
  };
  const script = projectFile(`dist/workers/${kind}/main.js`);
  const child = execa(process.execPath, [script], { env, reject: false, stdio: 'ignore' });
  return { child, port };
}

async function waitUntilReady({ child, port }: ReturnType<typeof startWorker>): Promise<void> {
  for (const deadline = Date.now() + READY_TIMEOUT_MS; Date.now() < deadline; await sleep(200)) {
    if (child.exitCode !== null) break;
    const response = await fetch(`http://${HOST}:${port}/readyz`).catch(() => undefined);
    if (response?.ok) return;
  }
  throw new Error(
    `A worker was not ready within ${READY_TIMEOUT_MS / 1000} s (exit code ${child.exitCode}).`,
  );
}
