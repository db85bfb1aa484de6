import { availableParallelism, cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { type CoresUsed, type CpuTime, coresUsed, readCpuTime } from './cpu-time.js';

/** Share of the machine that other work may use before measurements are refused. */
const MAX_OTHER_SHARE = 0.05;
/** Share of the machine that its host may give to other virtual machines. */
const MAX_STEAL_SHARE = 0.02;
const SAMPLE_MS = 3000;

/** Where a measurement ran. */
export interface Machine {
  readonly cpu: string;
  /** Cores of the machine, and those that this process may use. */
  readonly cores: number;
  readonly usable_cores: number;
}

/** Reads the CPU model and the number of cores. */
export function readMachine(): Machine {
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() ?? 'unknown CPU',
    cores: all.length,
    usable_cores: availableParallelism(),
  };
}

/** Measures how much of the machine is in use while this process waits for three seconds. */
export async function sampleUse({ cores }: Machine): Promise<CoresUsed> {
  const before = readCpuTime();
  await sleep(SAMPLE_MS);
  return coresUsed(before, readCpuTime(), cores);
}

/**
 * Names what makes a machine too busy to conclude from a measurement.
 * @returns undefined if it is quiet enough.
 */
export function findLoad({ busy, steal }: CoresUsed, { cores }: Machine): string | undefined {
  const found = [
    exceeds(busy / cores, MAX_OTHER_SHARE, 'other work uses'),
    exceeds(steal / cores, MAX_STEAL_SHARE, 'other virtual machines take'),
  ].filter((text) => text !== undefined);
  return found.length > 0 ? found.join(', and ') : undefined;
}

function exceeds(share: number, limit: number, what: string): string | undefined {
  if (share <= limit) return undefined;
  return `${what} ${percent(share)} of its CPU time (limit ${percent(limit)})`;
}

/** Returns the steal since a reading, with no other use. */
export function stealSince(before: CpuTime, { cores }: Machine): CoresUsed {
  return { busy: 0, steal: coresUsed(before, readCpuTime(), cores).steal };
}

/** Formats a share as percent, with one decimal. */
export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
