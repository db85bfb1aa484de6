import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../domain/errors.js';
import { retryDelay } from '../../domain/backoff.js';
import { waitForAbort } from '../../platform/wait-for-abort.js';
import { lastLines } from './log-file.js';
import { type RunOptions, runService } from './run-service.js';
import type { Service } from './service.js';
import type { ServiceRecord } from './stack-state.js';

const RECORD_POLL_MS = 100;
const HEALTHY_AFTER_MS = 60_000;
/** Consecutive starts without becoming ready after which the service counts as failed. */
const MAX_FAILED_STARTS = 4;

interface SuperviseOptions extends RunOptions {
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
    const { ranMs, reason } = await runService(supervision.service, supervision.options, {
      stopping: supervision.stopping,
      onChange: (fields) => change(supervision, fields),
    });
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
    await sleep(RECORD_POLL_MS);
  }
}
