import { print } from '../print.js';
import { type CoresUsed, readCpuTime } from './cpu-time.js';
import { findLoad, type Machine, percent, readMachine, sampleUse, stealSince } from './quiet.js';

/** What happens on a machine that is too busy. */
export interface LoadPolicy {
  /** Whether to measure all the same, and to print what is wrong. */
  readonly anyway: boolean;
}

const ADVICE = 'Stop the other work, or add --anyway to measure all the same.';

/**
 * Prints the machine with its load, and runs a measurement. A machine that is busy before it, or that
 * its host slows down in the meantime, is an error.
 * @throws Error that names the load and its limit
 */
export async function runQuietly(
  policy: LoadPolicy,
  measure: () => void | Promise<void>,
): Promise<void> {
  const machine = readMachine();
  const use = await sampleUse(machine);
  print(describe(machine, use));
  refuseLoad('The machine is busy', use, { machine, ...policy });
  const before = readCpuTime();
  await measure();
  refuseLoad('The figures are not conclusive', stealSince(before, machine), { machine, ...policy });
}

/**
 * Throws, or prints, that a machine is too busy.
 * @param what start of the sentence
 * @throws Error that names the load and its limit, without `anyway`
 */
export function refuseLoad(
  what: string,
  use: CoresUsed,
  { machine, anyway }: LoadPolicy & { readonly machine: Machine },
): void {
  const load = findLoad(use, machine);
  if (load === undefined) return;
  if (!anyway) throw new Error(`${what}: ${load}. ${ADVICE}`);
  print(`${what}: ${load}.`);
}

function describe({ cpu, cores, usable_cores }: Machine, { busy, steal }: CoresUsed): string {
  const load = `other load ${percent(busy / cores)}, steal ${percent(steal / cores)}`;
  return `${cpu}, ${usable_cores} of ${cores} cores; ${load}`;
}
