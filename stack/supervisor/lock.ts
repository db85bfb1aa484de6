import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../domain/errors.js';
import { type Release, tryLock } from '../../platform/file-lock.js';
import type { OnStep } from '../on-step.js';

const STALE_MS = 15_000;
const POLL_MS = 250;

interface LockOptions {
  readonly onStep: OnStep;
  /** Message while waiting, a sentence about the process that holds the lock. */
  readonly waitingFor: string;
  readonly timeoutMs: number;
}

/** Runs `work` while holding the lock at `path`; takes over the lock of a process that has exited. */
export async function withLock<T>(
  path: string,
  options: LockOptions,
  work: () => Promise<T>,
): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  const release = await acquire(path, options);
  try {
    return await work();
  } finally {
    await release();
  }
}

async function acquire(path: string, options: LockOptions): Promise<Release> {
  const deadline = Date.now() + options.timeoutMs;
  for (let hasReported = false; ; hasReported = true) {
    const release = await tryLock(path, STALE_MS);
    if (release) return release;
    if (!hasReported) options.onStep(options.waitingFor);
    if (Date.now() > deadline) throw timedOut(path, options);
    await sleep(POLL_MS);
  }
}

function timedOut(path: string, options: LockOptions): AppError {
  const seconds = Math.round(options.timeoutMs / 1000);
  return new AppError(
    'SETUP_FAILED',
    `${options.waitingFor} It did not finish within ${seconds} s. If no other process is running, delete ${path}.lock and try again.`,
    { path },
  );
}
