import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../domain/errors.js';
import { retryDelay } from '../../domain/backoff.js';
import { startChild, type Child } from './child.js';
import { lastLines } from './log-file.js';
import type { Service } from './service.js';
import type { ServiceRecord } from './stack-state.js';

const PROBE_EVERY_MS = 100;
const HEALTHY_AFTER_MS = 60_000;
/** Starts in a row that never became ready, after which it is left alone. */
const MAX_FAILED_STARTS = 4;

interface SuperviseOptions {
  readonly cwd: string;
  readonly logPath: string;
  /** Put before the command, so that it ends with this process. */
  readonly wrapper: readonly string[];
  readonly onChange: (record: ServiceRecord) => void;
}

/** A process that is started again whenever it dies. */
export interface SupervisedService {
  readonly service: Service;
  record(): ServiceRecord;
  /** Resolves once it runs. @throws AppError `SETUP_FAILED` once it was given up or stopped. */
  ready(): Promise<void>;
  /** Starts it again when it was given up. */
  retry(): void;
  /** Ends it; resolves when it is gone. */
  stop(): Promise<void>;
}

/** Starts a service and keeps it running, with pauses of 1 s doubling to 30 s between starts. */
export function superviseService(service: Service, options: SuperviseOptions): SupervisedService {
  const stopping = new AbortController();
  const life: Life = { service, options, stopping: stopping.signal, record: firstRecord(service) };
  const done = keepRunning(life);
  return {
    service,
    record: () => life.record,
    ready: () => untilReady(life),
    retry: () => life.retry?.(),
    stop: async () => {
      stopping.abort();
      await done;
    },
  };
}

/** A service over all its starts. */
interface Life {
  readonly service: Service;
  readonly options: SuperviseOptions;
  readonly stopping: AbortSignal;
  record: ServiceRecord;
  /** Ends the wait of a service that was given up. */
  retry?: () => void;
}

function change(life: Life, fields: Partial<ServiceRecord>): void {
  life.record = { ...life.record, since: new Date().toISOString(), error: undefined, ...fields };
  life.options.onChange(life.record);
}

async function keepRunning(life: Life): Promise<void> {
  let failures = 0;
  let failedStarts = 0;
  while (!life.stopping.aborted) {
    const { ranMs, reason } = await runOnce(life);
    if (life.stopping.aborted) break;
    if (ranMs >= HEALTHY_AFTER_MS) failures = 0;
    failedStarts = ranMs > 0 ? 0 : failedStarts + 1;
    if (failedStarts >= MAX_FAILED_STARTS) {
      await giveUp(life, reason);
      [failures, failedStarts] = [0, 0];
    } else {
      change(life, { process: null, state: 'starting', restarts: life.record.restarts + 1 });
      await sleep(retryDelay(++failures), undefined, { signal: life.stopping }).catch(
        () => undefined,
      );
    }
  }
  change(life, { process: null, state: 'stopped' });
}

/** Leaves it alone until somebody asks for another try, or for an end. */
async function giveUp(life: Life, reason: string): Promise<void> {
  const error = await failure(life.service, life.options.logPath, reason);
  const retried = new AbortController();
  life.retry = () => {
    life.retry = undefined;
    change(life, { state: 'starting' });
    retried.abort();
  };
  change(life, { process: null, state: 'failed', error });
  await aborted(AbortSignal.any([retried.signal, life.stopping]));
}

function firstRecord({ address, ui, health }: Service): ServiceRecord {
  const since = new Date().toISOString();
  return { process: null, address, ui, health, state: 'starting', since, restarts: 0 };
}

/** One run of the process: how long it was ready for, in milliseconds, and how it ended. */
async function runOnce(life: Life): Promise<{ readonly ranMs: number; readonly reason: string }> {
  const { service, options, stopping } = life;
  const child = await startChild({ ...options, ...wrapped(service, options), env: service.env });
  change(life, { process: child.id ?? null, state: 'starting' });
  const stop = () => void child.stop(service.graceMs);
  stopping.addEventListener('abort', stop, { once: true });
  if (stopping.aborted) stop();
  try {
    if (!(await becomesReady(service, child, stopping))) {
      await child.stop(service.graceMs);
      return { ranMs: 0, reason: await child.ended };
    }
    const start = performance.now();
    change(life, { state: 'running' });
    const reason = await child.ended;
    return { ranMs: Math.max(1, performance.now() - start), reason };
  } finally {
    stopping.removeEventListener('abort', stop);
  }
}

function wrapped({ command, args }: Service, { wrapper }: SuperviseOptions) {
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
    // Another program may answer in place of a process that has ended.
    if (isReady && !hasEnded) return true;
    await sleep(PROBE_EVERY_MS);
  }
  return false;
}

async function failure(service: Service, logPath: string, reason: string): Promise<string> {
  const tail = await lastLines(logPath, 8);
  return `${service.title} does not start (${reason}). Its log ${logPath} ends with:\n${tail}`;
}

async function untilReady(life: Life): Promise<void> {
  const { title } = life.service;
  for (;;) {
    const { state, error } = life.record;
    if (state === 'running') return;
    if (state === 'failed') throw new AppError('SETUP_FAILED', error ?? title);
    if (state === 'stopped') {
      throw new AppError('SETUP_FAILED', `${title} was stopped before it was ready.`);
    }
    await sleep(PROBE_EVERY_MS);
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}
