import type { OnStep } from '../on-step.js';
import { endProcess, isAlive } from './identity.js';
import { SERVICE_NAMES } from './stack-plan.js';
import { isSupervised, readStackState } from './stack-state.js';

const GRACE_MS = 10_000;

/**
 * Terminates processes that a crashed supervisor left running. Only processes recorded with pid and
 * start time are terminated; a pid that another program has reused is not touched.
 */
export async function endLeftovers(dataDir: string, onStep: OnStep): Promise<boolean> {
  const state = await readStackState(dataDir);
  if (!state || isSupervised(state)) return false;
  let hasEnded = false;
  for (const name of [...SERVICE_NAMES].reverse()) {
    const process = state.services[name]?.process;
    if (!process || !isAlive(process)) continue;
    hasEnded = true;
    onStep(`Stopping ${name} (pid ${process.pid}), which a crashed supervisor left running.`);
    await endProcess(process, GRACE_MS);
  }
  return hasEnded;
}
