import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config/index.js';
import { endLeftovers } from './supervisor/leftovers.js';
import type { OnStep } from './on-step.js';
import { endProcess, isAlive, type ProcessId, sendSignal } from './supervisor/identity.js';
import { isSupervised, readStackState, type StackState } from './supervisor/stack-state.js';

/** Time for the supervisor to stop its processes; longer than the sum of their grace periods. */
const SUPERVISOR_GRACE_MS = 90_000;
/** Time for a supervisor to exit after it has stopped its stack; one in the foreground may continue. */
const EXIT_GRACE_MS = 2000;
const POLL_MS = 50;

export interface DownOptions {
  readonly config: Config;
  readonly onStep?: OnStep;
}

/** Stops the stack of a data folder and waits until all processes have exited. Returns false if none ran. */
export async function downStack({
  config,
  onStep = () => undefined,
}: DownOptions): Promise<boolean> {
  const dataDir = resolve(config.dataDir);
  const state = await readStackState(dataDir);
  const wasSupervised = state !== undefined && isSupervised(state);
  if (wasSupervised) {
    onStep('Stopping the workers and servers (a few seconds).');
    await endSupervisor(dataDir, state);
  }
  const hadLeftovers = await endLeftovers(dataDir, onStep);
  return wasSupervised || hadLeftovers;
}

async function endSupervisor(dataDir: string, { supervisor }: StackState): Promise<void> {
  sendSignal(supervisor.pid, 'SIGTERM');
  for (const deadline = Date.now() + SUPERVISOR_GRACE_MS; Date.now() < deadline;) {
    const state = await readStackState(dataDir);
    const isSameSupervisor = state?.supervisor.startedAt === supervisor.startedAt;
    if (!isSameSupervisor || !isSupervised(state)) return waitForExit(supervisor);
    await sleep(POLL_MS);
  }
  await endProcess(supervisor, 0);
}

async function waitForExit(supervisor: ProcessId): Promise<void> {
  const deadline = Date.now() + EXIT_GRACE_MS;
  while (isAlive(supervisor) && Date.now() < deadline) await sleep(POLL_MS);
}
