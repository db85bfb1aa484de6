import type { OnStep } from '../on-step.js';
import { endProcess, isAlive } from './identity.js';
import { SERVICE_NAMES } from './stack-plan.js';
import { isSupervised, readStackState } from './stack-state.js';

const GRACE_MS = 10_000;

/**
 * Ends the processes that a supervisor left over when it died. Only those that it wrote down with
 * pid and start are touched: a pid that belongs to another program by now is left alone.
 */
export async function endLeftovers(dataDir: string, onStep: OnStep): Promise<boolean> {
  const state = await readStackState(dataDir);
  if (!state || isSupervised(state)) return false;
  let isAny = false;
  for (const name of [...SERVICE_NAMES].reverse()) {
    const left = state.services[name]?.process;
    if (!left || !isAlive(left)) continue;
    isAny = true;
    onStep(`Ending ${name} (pid ${left.pid}), which a supervisor that died has left over.`);
    await endProcess(left, GRACE_MS);
  }
  return isAny;
}
