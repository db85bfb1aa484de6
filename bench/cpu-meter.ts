import { readFileSync } from 'node:fs';
import { partOf, processesUnder, TICKS_PER_SECOND } from './processes.js';

/** CPU seconds by part of the system. */
export type CpuSeconds = Readonly<Record<string, number>>;

const MIN_LISTED = 0.01;

/** CPU seconds that processes and their children have used, by part; Linux's `/proc` only. */
export function cpuOf(roots: readonly number[]): CpuSeconds {
  const seconds: Record<string, number> = {};
  const add = (part: string, ticks: number) => {
    seconds[part] = (seconds[part] ?? 0) + ticks / TICKS_PER_SECOND;
  };
  for (const { command, own, ended } of processesUnder(roots)) {
    const part = partOf(command);
    add(part, own);
    // What ended under a worker or a lane was ffmpeg, behind its launcher.
    add(`${part}: ffmpeg`, ended);
  }
  return seconds;
}

/** Bytes of memory of processes and their children now, by part. */
export function memoryOf(roots: readonly number[]): Readonly<Record<string, number>> {
  const bytes: Record<string, number> = {};
  for (const { pid, command } of processesUnder(roots)) {
    const part = partOf(command);
    bytes[part] = (bytes[part] ?? 0) + proportionalBytes(pid);
  }
  return bytes;
}

/** PSS: pages that several processes share are divided among them. */
function proportionalBytes(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** What was used between two readings, in milliseconds of CPU per frame, largest first. */
export function perFrame(
  before: CpuSeconds,
  after: CpuSeconds,
  frames: number,
): [string, number][] {
  return Object.entries(after)
    .map(([part, s]): [string, number] => [part, ((s - (before[part] ?? 0)) * 1000) / frames])
    .filter(([, ms]) => ms >= MIN_LISTED)
    .sort(([, a], [, b]) => b - a);
}
