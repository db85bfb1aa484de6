import type { Config } from '../config/index.js';
import { AppError } from '../domain/errors.js';
import { runStackForeground } from '../stack/index.js';
import type { App } from './app.js';
import { runningStackConfig } from './connect.js';

/** A stack to work with; `owned` when it was started for this command and ends with it. */
export interface StackInUse {
  readonly config: Config;
  readonly owned: boolean;
}

/** Runs `work` on the data folder's stack; one that does not run is started, and stopped after. */
export async function withStack<T>(app: App, work: (stack: StackInUse) => Promise<T>): Promise<T> {
  const running = await runningStackConfig(app.config);
  if (running) return work({ config: running, owned: false });
  const stop = new AbortController();
  const own = startOwn(app, stop.signal);
  try {
    const owned = await own.ready;
    const config = await runningStackConfig(app.config);
    if (!config) throw new AppError('STACK_NOT_RUNNING', 'The stack ended right after its start.');
    return await work({ config, owned });
  } finally {
    app.out.step('stopping what was started (some seconds)');
    stop.abort();
    await own.stopped;
  }
}

interface OwnStack {
  /** Whether the stack that runs now is this process's own; rejects when none could be started. */
  readonly ready: Promise<boolean>;
  /** Resolves when everything is gone. */
  readonly stopped: Promise<void>;
}

function startOwn(app: App, stop: AbortSignal): OwnStack {
  const { config, out, signal } = app;
  const interrupted = new AbortController();
  let run: Promise<void> = Promise.resolve();
  const isUp = new Promise<void>((resolve, reject) => {
    // Once it runs, it is the work that ends on Ctrl-C, and the stack after it.
    const onAbort = () => interrupted.abort();
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    const onReady = () => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    };
    const either = AbortSignal.any([stop, interrupted.signal]);
    run = runStackForeground({ config, onStep: out.step, signal: either, onReady });
    run.then(() => reject(endOf(signal)), reject);
  });
  const ready = isUp.then(
    () => true,
    (error: unknown) => isAnothers(app, error),
  );
  return { ready, stopped: run.catch(() => undefined) };
}

function endOf({ aborted, reason }: AbortSignal): Error {
  return aborted && reason instanceof Error ? reason : new Error('The stack stopped by itself.');
}

/** Another process may have started the stack while this one waited for its turn. */
async function isAnothers({ config, signal }: App, error: unknown): Promise<boolean> {
  signal.throwIfAborted();
  if (await runningStackConfig(config)) return false;
  throw error;
}
