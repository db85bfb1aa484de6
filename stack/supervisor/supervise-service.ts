import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../domain/errors.js';
import { retryDelay } from '../../domain/backoff.js';
import { waitForAbort } from '../../platform/wait-for-abort.js';
import { startChild, type Child } from './child.js';
import { lastLines } from './log-file.js';
import type { Service } from './service.js';
import type { ServiceRecord } from './stack-state.js';

const PROBE_EVERY_MS = 100;
const HEALTHY_AFTER_MS = 60_000;
/** Consecutive starts without becoming ready after which the service counts as failed. */
const MAX_FAILED_STARTS = 4;

interface SuperviseOptions {
  readonly cwd: string;
  readonly logPath: string;
  /** Command prefix that ends the process with this one. */
  readonly wrapper: readonly string[];
  readonly onChange: (record: ServiceRecord) => void;
}

/** A process that is restarted whenever it exits. */
export interface SupervisedService {
  readonly service: Service;
  record(): ServiceRecord;
  /** Resolves when it is ready. @throws AppError `SETUP_FAILED` if it failed or was stopped. */
  ready(): Promise<void>;
  /** Restarts it if it has failed. */
  retry(): void;
  /** Stops it; resolves when it has exited. */
  stop(): Promise<void>;
}

/** Starts a service and restarts it with an exponential backoff of 1 s to 30 s. */
export function superviseService(service: Service, options: SuperviseOptions): SupervisedService {
  const stopping = new AbortController();
  const supervision: Supervision = {
    service,
    options,
    stopping: stopping.signal,
    record: firstRecord(service),
  };
  const done = keepRunning(supervision);
  return {
    service,
    record: () => supervision.record,
    ready: () => waitUntilReady(supervision),
    retry: () => supervision.retry?.(),
    stop: async () => {
      stopping.abort();
      await done;
    },
  };
}

/** State of a service across restarts. */
interface Supervision {
  readonly service: Service;
  readonly options: SuperviseOptions;
  readonly stopping: AbortSignal;
  record: ServiceRecord;
  /** Ends the wait of a failed service. */
  retry?: () => void;
}

function change(supervision: Supervision, fields: Partial<ServiceRecord>): void {
  supervision.record = {
    ...supervision.record,
    since: new Date().toISOString(),
    error: undefined,
    ...fields,
  };
  supervision.options.onChange(supervision.record);
}

async function keepRunning(supervision: Supervision): Promise<void> {
  let failures = 0;
  let failedStarts = 0;
  while (!supervision.stopping.aborted) {
    const { ranMs, reason } = await runOnce(supervision);
    if (supervision.stopping.aborted) break;
    if (ranMs >= HEALTHY_AFTER_MS) failures = 0;
    failedStarts = ranMs > 0 ? 0 : failedStarts + 1;
    if (failedStarts >= MAX_FAILED_STARTS) {
      await waitForRetry(supervision, reason);
      [failures, failedStarts] = [0, 0];
    } else {
      change(supervision, {
        process: null,
        state: 'starting',
        restarts: supervision.record.restarts + 1,
      });
      await sleep(retryDelay(++failures), undefined, { signal: supervision.stopping }).catch(
        () => undefined,
      );
    }
  }
  change(supervision, { process: null, state: 'stopped' });
}

/** Marks the service as failed and waits for a retry or a stop. */
async function waitForRetry(supervision: Supervision, reason: string): Promise<void> {
  const error = await describeFailure(supervision.service, supervision.options.logPath, reason);
  const retried = new AbortController();
  supervision.retry = () => {
    supervision.retry = undefined;
    change(supervision, { state: 'starting' });
    retried.abort();
  };
  change(supervision, { process: null, state: 'failed', error });
  await waitForAbort(AbortSignal.any([retried.signal, supervision.stopping]));
}

function firstRecord({ address, ui, health }: Service): ServiceRecord {
  const since = new Date().toISOString();
  return { process: null, address, ui, health, state: 'starting', since, restarts: 0 };
}

/** Runs the process once: time in milliseconds for which it was ready, and the reason of its exit. */
async function runOnce(
  supervision: Supervision,
): Promise<{ readonly ranMs: number; readonly reason: string }> {
  const { service, options, stopping } = supervision;
  const child = await startChild({
    ...options,
    ...wrapCommand(service, options),
    env: service.env,
  });
  change(supervision, { process: child.id ?? null, state: 'starting' });
  const stop = () => void child.stop(service.graceMs);
  stopping.addEventListener('abort', stop, { once: true });
  if (stopping.aborted) stop();
  try {
    if (!(await becomesReady(service, child, stopping))) {
      await child.stop(service.graceMs);
      return { ranMs: 0, reason: await child.ended };
    }
    const start = performance.now();
    change(supervision, { state: 'running' });
    const reason = await child.ended;
    return { ranMs: Math.max(1, performance.now() - start), reason };
  } finally {
    stopping.removeEventListener('abort', stop);
  }
}

function wrapCommand({ command, args }: Service, { wrapper }: SuperviseOptions) {
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

async function describeFailure(service: Service, logPath: string, reason: string): Promise<string> {
  const tail = await lastLines(logPath, 8);
  return `${service.title} failed to start (${reason}). Its log ${logPath} ends with:\n${tail}`;
}

async function waitUntilReady(supervision: Supervision): Promise<void> {
  const { title } = supervision.service;
  for (;;) {
    const { state, error } = supervision.record;
    if (state === 'running') return;
    if (state === 'failed') throw new AppError('SETUP_FAILED', error ?? title);
    if (state === 'stopped') {
      throw new AppError('SETUP_FAILED', `${title} was stopped before it was ready.`);
    }
    await sleep(PROBE_EVERY_MS);
  }
}
