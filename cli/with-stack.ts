import type { Config } from '../config/index.js';
import { AppError } from '../domain/errors.js';
import { runStackForeground } from '../stack/index.js';
import type { App } from './app.js';
import { runningStackConfig } from './connect.js';

/** A running stack; `owned` if it was started for this command and stops with it. */
export interface StackInUse {
  readonly config: Config;
  readonly owned: boolean;
}

/** Runs `work` on the data folder's stack; starts it if needed, and then stops it afterwards. */
export async function withStack<T>(app: App, work: (stack: StackInUse) => Promise<T>): Promise<T> {
  const running = await runningStackConfig(app.config);
  if (running) return work({ config: running, owned: false });
  const stop = new AbortController();
  const started = startOwnStack(app, stop.signal);
  try {
    const owned = await started.ready;
    const config = await runningStackConfig(app.config);
    if (!config)
      throw new AppError(
        'STACK_NOT_RUNNING',
        'The stack stopped right after it had started. See "vidette status".',
      );
    return await work({ config, owned });
  } finally {
    app.out.step('stopping servers and workers (a few seconds)');
    stop.abort();
    await started.stopped;
  }
}

interface OwnStack {
  /** Whether this process owns the running stack; rejects if no stack could be started. */
  readonly ready: Promise<boolean>;
  /** Resolves when all its processes have exited. */
  readonly stopped: Promise<void>;
}

function startOwnStack(app: App, stop: AbortSignal): OwnStack {
  const { config, out, signal, confirm } = app;
  const interrupted = new AbortController();
  let run: Promise<void> = Promise.resolve();
  const isUp = new Promise<void>((resolve, reject) => {
    // After the start, Ctrl-C ends the work first and then the stack.
    const onAbort = () => interrupted.abort();
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    const onReady = () => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    };
    const either = AbortSignal.any([stop, interrupted.signal]);
    run = runStackForeground({ config, onStep: out.step, confirm, signal: either, onReady });
    run.then(() => reject(endOf(signal)), reject);
  });
  const ready = isUp.then(
    () => true,
    (error: unknown) => startedElsewhere(app, error),
  );
  return { ready, stopped: run.catch(() => undefined) };
}

function endOf({ aborted, reason }: AbortSignal): Error {
  return aborted && reason instanceof Error
    ? reason
    : new Error('The stack stopped unexpectedly. See its logs in the data folder.');
}

/** Another process may have started the stack while this one waited for the lock. */
async function startedElsewhere({ config, signal }: App, error: unknown): Promise<boolean> {
  signal.throwIfAborted();
  if (await runningStackConfig(config)) return false;
  throw error;
}
