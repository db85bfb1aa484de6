import { readFileSync } from 'node:fs';

/** CPU time of a machine since its start, in clock ticks of all cores together. */
export interface CpuTime {
  readonly busy: number;
  /** Time in which the host gave the cores to other virtual machines. */
  readonly steal: number;
  readonly total: number;
}

/** Use of a machine over a span: numbers of cores. */
export interface CoresUsed {
  readonly busy: number;
  readonly steal: number;
}

/** Reads the CPU time of this machine. Requires Linux's `/proc`. */
export const readCpuTime = (): CpuTime => parseCpuTime(readFileSync('/proc/stat', 'utf8'));

/** Parses the first line of `/proc/stat` (proc_stat(5)); the time of guests is part of `user`. */
export function parseCpuTime(text: string): CpuTime {
  const [user, nice, system, idle, ioWait, irq, softIrq, steal] = text
    .slice(0, text.indexOf('\n'))
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number) as [number, number, number, number, number, number, number, number];
  const busy = user + nice + system + irq + softIrq;
  return { busy, steal, total: busy + steal + idle + ioWait };
}

/** Returns how many cores were used between two readings of a machine. */
export function coresUsed(before: CpuTime, after: CpuTime, cores: number): CoresUsed {
  const total = after.total - before.total;
  if (total <= 0) return { busy: 0, steal: 0 };
  const share = (key: 'busy' | 'steal') => ((after[key] - before[key]) * cores) / total;
  return { busy: share('busy'), steal: share('steal') };
}
