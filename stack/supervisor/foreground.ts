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
  /** Stops the stack. */
  readonly signal: AbortSignal;
  /** Called when everything runs. */
  readonly onReady?: () => void;
}

/** Runs the stack in this process; resolves when the signal aborted and everything is gone. */
export async function runStackForeground(options: ForegroundOptions): Promise<void> {
  const dataDir = resolve(options.config.dataDir);
  await makeDataFolder(dataDir, resolve(options.config.scratchDir));
  const { stopped } = await withStackLock(dataDir, options.onStep, async () => {
    await refuseSecond(dataDir);
    return untilReady(options, await prepareStack(options));
  });
  await stopped;
}

async function refuseSecond(dataDir: string): Promise<void> {
  const state = await readStackState(dataDir);
  if (!state || !isSupervised(state)) return;
  throw new AppError(
    'SETUP_FAILED',
    `A stack already runs on ${dataDir} (supervisor pid ${state.supervisor.pid}). Stop it with \`vidette down\` first.`,
  );
}

/** Starts everything; resolves when it is ready, with what resolves when it has stopped. */
async function untilReady(
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
