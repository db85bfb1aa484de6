import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../domain/errors.js';
import { startChild, type Child } from './child.js';
import type { Service } from './service.js';
import type { ServiceRecord } from './stack-state.js';

const PROBE_EVERY_MS = 100;

export interface RunOptions {
  readonly cwd: string;
  readonly logPath: string;
  /** Command prefix that ends the process with this one. */
  readonly wrapper: readonly string[];
}

interface Hooks {
  /** Stops the process when aborted. */
  readonly stopping: AbortSignal;
  readonly onChange: (fields: Partial<ServiceRecord>) => void;
}

/**
 * Runs the process of a service once, until it exits or is stopped. Resolves with the time for which
 * it was ready, in milliseconds, and the reason of its exit.
 */
export async function runService(
  service: Service,
  options: RunOptions,
  { stopping, onChange }: Hooks,
): Promise<{ readonly ranMs: number; readonly reason: string }> {
  try {
    await service.beforeStart?.();
  } catch (error) {
    return { ranMs: 0, reason: messageOf(error) };
  }
  const child = await startChild({
    ...options,
    ...wrapCommand(service, options),
    env: service.env,
  });
  onChange({ process: child.id ?? null, state: 'starting' });
  const stop = () => void child.stop(service.graceMs);
  stopping.addEventListener('abort', stop, { once: true });
  if (stopping.aborted) stop();
  try {
    if (!(await becomesReady(service, child, stopping))) {
      await child.stop(service.graceMs);
      return { ranMs: 0, reason: await child.ended };
    }
    const start = performance.now();
    onChange({ state: 'running' });
    const reason = await child.ended;
    return { ranMs: Math.max(1, performance.now() - start), reason };
  } finally {
    stopping.removeEventListener('abort', stop);
  }
}

function wrapCommand({ command, args }: Service, { wrapper }: RunOptions) {
  const [first = command, ...rest] = [...wrapper, command, ...args];
  return { command: first, args: rest };
}

async function becomesReady(
  service: Service,
  child: Child,
  stopping: AbortSignal,
): Promise<boolean> {
  let hasEnded = false;
  void child.ended.then(() => (hasEnded = true));
  const deadline = Date.now() + service.readyTimeoutMs;
  while (!hasEnded && !stopping.aborted && Date.now() < deadline) {
    const isReady = await service.probe().catch(() => false);
    // Another program may answer on the port of a process that has exited.
    if (isReady && !hasEnded) return true;
    await sleep(PROBE_EVERY_MS);
  }
  return false;
}
