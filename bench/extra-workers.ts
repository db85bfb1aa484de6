import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { ownEnvironment } from '../config/index.js';
import { freePort } from '../stack/ports.js';
import { projectFile } from '../platform/package-root.js';
import type { OwnStack } from './own-stack.js';

/** Detect workers beside that of the stack. */
export interface ExtraWorkers {
  readonly pids: readonly number[];
  stop(): Promise<void>;
}

const SCRIPT = projectFile('dist/workers/detect/main.js');
const HOST = '127.0.0.1';
const READY_WITHIN_MS = 120_000;

/** Starts detect workers as other machines would: with scratch folders of their own. */
export async function startExtraWorkers(stack: OwnStack, count: number): Promise<ExtraWorkers> {
  const taken = new Set<number>();
  const workers: ReturnType<typeof startWorker>[] = [];
  const stop = async () => {
    for (const { child } of workers) child.kill('SIGTERM');
    await Promise.all(workers.map(({ child }) => child));
  };
  try {
    for (let i = 0; i < count; i++) {
      const port = await freePort(taken);
      taken.add(port);
      workers.push(startWorker(stack, port));
    }
    await Promise.all(workers.map(untilReady));
    return { pids: workers.flatMap(({ child }) => child.pid ?? []), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function startWorker({ settings, scratchDir }: OwnStack, port: number) {
  const env = {
    ...ownEnvironment(),
    ...settings,
    VIDETTE_SCRATCH_DIR: join(scratchDir, '..', `scratch-${port}`),
    VIDETTE_HEALTH_HOST: HOST,
    VIDETTE_HEALTH_PORT: String(port),
  };
  const child = execa(process.execPath, [SCRIPT], { env, reject: false, stdio: 'ignore' });
  return { child, port };
}

async function untilReady({ child, port }: ReturnType<typeof startWorker>): Promise<void> {
  for (const deadline = Date.now() + READY_WITHIN_MS; Date.now() < deadline; await sleep(200)) {
    if (child.exitCode !== null) break;
    const answer = await fetch(`http://${HOST}:${port}/readyz`).catch(() => undefined);
    if (answer?.ok) return;
  }
  throw new Error(`A detect worker did not become ready; it ended with ${child.exitCode}.`);
}
