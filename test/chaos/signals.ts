import { setTimeout as sleep } from 'node:timers/promises';
import { ffmpegsOn, lanesOf } from '../support/processes.js';
import type { ChaosHarness } from './harness.js';
import { FaultNotInjected } from './fault-not-injected.js';
import type { Random } from './random.js';

const LOOKS_FOR_MS = 30_000;

/** Sends a signal to a random process that `find` returns; polls until there is one. */
export async function signalOneOf(
  find: () => Promise<readonly number[]>,
  random: Random,
  signal: NodeJS.Signals,
): Promise<void> {
  for (const until = Date.now() + LOOKS_FOR_MS; Date.now() < until;) {
    const pids = await find();
    if (pids.length > 0 && trySignal(random.pick(pids), signal)) return;
    await sleep(20);
  }
  throw new FaultNotInjected(`No process was found to send ${signal} to`);
}

/** Sends a signal; returns whether the process still existed. */
export function trySignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

export const lanesIn = ({ stack }: ChaosHarness) => lanesOf(stack.workers.pid('detect_worker'));

/** Returns the running decoders and encoders, without their wrapper processes. */
export async function ffmpegsIn({ stack, home }: ChaosHarness): Promise<number[]> {
  const tool = `${stack.settings['VIDETTE_FFMPEG']} `;
  const found = await ffmpegsOn(home);
  return found.filter(({ command }) => command.startsWith(tool)).map(({ pid }) => pid);
}
