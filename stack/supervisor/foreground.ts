import { once } from 'node:events';
import { resolve } from 'node:path';
import { AppError } from '../../domain/errors.js';
import { makeDataFolder } from '../data-folder.js';
import { prepareStack, type PrepareOptions } from '../prepare.js';
import { isSupervised, readStackState } from './stack-state.js';
import type { StackPlan } from './stack-plan.js';
import { runSupervisor } from './supervisor.js';
import { withStackLock } from '../up.js';

export interface ForegroundOptions extends PrepareOptions {
  /** Stops the stack when aborted. */
  readonly signal: AbortSignal;
  /** Called when all services are running. */
  readonly onReady?: () => void;
}

/** Supervises the stack in this process; resolves after the signal aborted and all services stopped. */
export async function runStackForeground(options: ForegroundOptions): Promise<void> {
  const dataDir = resolve(options.config.dataDir);
  await makeDataFolder(dataDir, resolve(options.config.scratchDir));
  const { stopped } = await withStackLock(dataDir, options.onStep, async () => {
    await expectNoSupervisor(dataDir);
    return startUntilReady(options, await prepareStack(options));
  });
  await stopped;
}

async function expectNoSupervisor(dataDir: string): Promise<void> {
  const state = await readStackState(dataDir);
  if (!state || !isSupervised(state)) return;
  throw new AppError(
    'SETUP_FAILED',
    `A stack is already running on ${dataDir} (supervisor pid ${state.supervisor.pid}). Stop it first with \`vidette down\`.`,
  );
}

/** Starts all services; resolves when they are ready, with a promise that resolves when they have stopped. */
async function startUntilReady(
  { onStep, signal, onReady }: ForegroundOptions,
  plan: StackPlan,
): Promise<{ readonly stopped: Promise<void> }> {
  const failed = new AbortController();
  const ready = new AbortController();
  const stopped = runSupervisor({
    plan,
    onStep,
    signal: AbortSignal.any([signal, failed.signal]),
    onReady: () => ready.abort(),
    onFailed: (reason) => failed.abort(new AppError('SETUP_FAILED', reason)),
  });
  await Promise.race([once(ready.signal, 'abort'), stopped]);
  failed.signal.throwIfAborted();
  if (!signal.aborted) onReady?.();
  return { stopped };
}
