import { readFileSync } from 'node:fs';
import { partOf, processesUnder, TICKS_PER_SECOND } from './processes.js';

/** CPU seconds by part of the system. */
export type CpuSeconds = Readonly<Record<string, number>>;

/** Parts that use less CPU time are not listed. */
const MIN_LISTED_MS = 0.01;

/** Returns the CPU seconds of processes and their children, by part. Requires Linux's `/proc`. */
export function cpuOf(roots: readonly number[]): CpuSeconds {
  const seconds: Record<string, number> = {};
  const add = (part: string, ticks: number) => {
    seconds[part] = (seconds[part] ?? 0) + ticks / TICKS_PER_SECOND;
  };
  for (const { command, selfTicks, endedChildTicks } of processesUnder(roots)) {
    const part = partOf(command);
    add(part, selfTicks);
    // The children of workers and lanes that end are ffmpeg processes with their launchers.
    add(`${part}: ffmpeg`, endedChildTicks);
  }
  return seconds;
}

/** Returns the current memory of processes and their children in bytes, by part. */
export function memoryOf(roots: readonly number[]): Readonly<Record<string, number>> {
  const bytes: Record<string, number> = {};
  for (const { pid, command } of processesUnder(roots)) {
    const part = partOf(command);
    bytes[part] = (bytes[part] ?? 0) + proportionalBytes(pid);
  }
  return bytes;
}

/** Returns the PSS: shared pages are divided among their processes. */
function proportionalBytes(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** Returns the CPU time between two readings in ms per frame, largest first. */
export function perFrame(
  before: CpuSeconds,
  after: CpuSeconds,
  frames: number,
): [string, number][] {
  return Object.entries(after)
    .map(([part, s]): [string, number] => [part, ((s - (before[part] ?? 0)) * 1000) / frames])
    .filter(([, ms]) => ms >= MIN_LISTED_MS)
    .sort(([, a], [, b]) => b - a);
}
