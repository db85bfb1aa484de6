import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ownEnvironment } from '../config/index.js';
import { AppError } from '../domain/errors.js';
import { dataPaths, makeDataFolder } from './data-folder.js';
import { downStack } from './down.js';
import { withLock } from './supervisor/lock.js';
import type { OnStep } from './on-step.js';
import { prepareStack, type PrepareOptions } from './prepare.js';
import { isAlive, processOf, sendSignal, type ProcessId } from './supervisor/identity.js';
import { lastLines, rotateLog } from './supervisor/log-file.js';
import { projectFile } from '../platform/package-root.js';
import type { Settings } from './settings.js';
import type { StackPlan } from './supervisor/stack-plan.js';
import { isSupervised, readStackState, type StackState } from './supervisor/stack-state.js';
import { stackStatus, type StackStatus } from './status.js';
import { RETRY_SIGNAL } from './supervisor/supervisor.js';
import { writeJson } from './write-json.js';

const LOCK_TIMEOUT_MS = 30 * 60_000;
const READY_TIMEOUT_MS = 15 * 60_000;
const POLL_MS = 100;

export interface UpOptions extends PrepareOptions {
  /** Environment variables for the workers if this call starts the stack. */
  readonly variables?: Settings;
}

/**
 * Starts the stack of a data folder in the background and resolves when it is healthy. If it is
 * already running, restarts failed services.
 * @throws AppError `SETUP_FAILED` with the reason.
 */
export async function upStack(options: UpOptions): Promise<StackStatus> {
  const { config, onStep } = options;
  const dataDir = resolve(config.dataDir);
  await makeDataFolder(dataDir, resolve(config.scratchDir));
  await withStackLock(dataDir, onStep, () => startOrRestart(dataDir, options));
  return stackStatus(config);
}

/** Runs `work` while holding the lock for starting a stack in this data folder. */
export async function withStackLock<T>(
  dataDir: string,
  onStep: OnStep,
  work: () => Promise<T>,
): Promise<T> {
  const waitingFor = 'Waiting for another process that is starting the stack.';
  const options = { onStep, waitingFor, timeoutMs: LOCK_TIMEOUT_MS };
  return withLock(dataPaths(dataDir).lock, options, work);
}

async function startOrRestart(dataDir: string, options: UpOptions): Promise<void> {
  const state = await readStackState(dataDir);
  if (state && isSupervised(state)) {
    if (!isMissingWorkers(state, options)) return restartFailed(dataDir, state, options.onStep);
    options.onStep('The running stack has no workers; restarting it with workers.');
    await downStack(options);
  }
  const plan = await prepareStack(options);
  const supervisor = await spawnSupervisor(plan, options.variables);
  try {
    await waitUntilHealthy(dataDir, supervisor, options.onStep);
  } catch (error) {
    await downStack(options);
    throw error;
  }
}

function isMissingWorkers({ plan }: StackState, { workers = true }: UpOptions): boolean {
  return workers && plan.workers === null;
}

/** Restarts failed services of a running stack. */
async function restartFailed(dataDir: string, state: StackState, onStep: OnStep): Promise<void> {
  const hasFailed = Object.values(state.services).some((service) => service.state === 'failed');
  if (hasFailed || state.phase === 'failed') {
    onStep('Restarting failed services.');
    await requestRetry(dataDir, state.supervisor);
  }
  await waitUntilHealthy(dataDir, state.supervisor, onStep);
}

/** Signals a supervisor to retry and waits up to 5 s until it has started to. */
async function requestRetry(dataDir: string, supervisor: ProcessId): Promise<void> {
  sendSignal(supervisor.pid, RETRY_SIGNAL);
  for (const deadline = Date.now() + 5000; Date.now() < deadline; await sleep(POLL_MS)) {
    if ((await readStackState(dataDir))?.phase === 'starting') return;
  }
}

async function spawnSupervisor(plan: StackPlan, variables: Settings = {}): Promise<ProcessId> {
  const paths = dataPaths(plan.dataDir);
  await writeJson(paths.plan, plan);
  await rotateLog(paths.log('supervisor'));
  const log = await open(paths.log('supervisor'), 'a', 0o600);
  try {
    const script = projectFile('dist/stack/supervisor/main.js');
    const child = spawn(process.execPath, ['--enable-source-maps', script, paths.plan], {
      cwd: plan.dataDir,
      env: { ...ownEnvironment(), ...variables },
      stdio: ['ignore', log.fd, log.fd],
      detached: true,
    });
    child.unref();
    const id = child.pid === undefined ? undefined : processOf(child.pid);
    if (id) return id;
    throw new AppError('SETUP_FAILED', `The supervisor ${script} could not be started.`);
  } finally {
    await log.close();
  }
}

async function waitUntilHealthy(
  dataDir: string,
  supervisor: ProcessId,
  onStep: OnStep,
): Promise<void> {
  const reported = new Set<string>();
  const deadline = Date.now() + READY_TIMEOUT_MS;
  for (;;) {
    const written = await readStackState(dataDir);
    const state = written?.supervisor.startedAt === supervisor.startedAt ? written : undefined;
    if (state) reportProgress(state, reported, onStep);
    if (state && isHealthy(state)) return;
    if (state?.phase === 'failed') throw new AppError('SETUP_FAILED', state.error ?? 'unknown');
    if (!isAlive(supervisor)) throw await supervisorExited(dataDir);
    if (Date.now() > deadline)
      throw new AppError('SETUP_FAILED', 'The stack was not healthy within 15 minutes.');
    await sleep(POLL_MS);
  }
}

function isHealthy({ phase, services }: StackState): boolean {
  return (
    phase === 'ready' &&
    Object.values(services).every(
      ({ state, process }) => state === 'running' && process !== null && isAlive(process),
    )
  );
}

function reportProgress({ services }: StackState, reported: Set<string>, onStep: OnStep): void {
  for (const [name, { state, address }] of Object.entries(services)) {
    const message = `${name}: ${state} (${address})`;
    if (reported.has(message)) continue;
    reported.add(message);
    onStep(message);
  }
}

async function supervisorExited(dataDir: string): Promise<AppError> {
  const log = dataPaths(dataDir).log('supervisor');
  const tail = await lastLines(log, 8);
  return new AppError(
    'SETUP_FAILED',
    `The supervisor exited before the stack was healthy. Its log ${log} ends with:\n${tail}`,
  );
}
