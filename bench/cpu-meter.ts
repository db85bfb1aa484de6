import { readdirSync, readFileSync } from 'node:fs';

/** CPU seconds by part of the system. */
export type CpuSeconds = Readonly<Record<string, number>>;

interface ProcessTimes {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
  /** Own time, and time of children that have ended, in clock ticks. */
  readonly own: number;
  readonly ended: number;
}

const TICKS_PER_SECOND = 100;
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

function processesUnder(roots: readonly number[]): ProcessTimes[] {
  const all = listProcesses();
  const inTree = new Set(roots);
  // A child may be listed before its parent: as many rounds as the tree is deep.
  for (let size = 0; size !== inTree.size;) {
    size = inTree.size;
    for (const { pid, parent } of all) if (inTree.has(parent)) inTree.add(pid);
  }
  return all.filter(({ pid }) => inTree.has(pid));
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

const PARTS: readonly [RegExp, string][] = [
  [/workers\/lane\.js/, 'lanes'],
  [/detect-worker\.js/, 'detect worker'],
  [/video-worker\.js/, 'video worker'],
  [/server start-dev/, 'Temporal'],
  [/minio/, 'object store'],
  [/ferretdb|mongod/, 'document store'],
  [/ffmpeg|ffprobe/, 'ffmpeg, running'],
];

function partOf(command: string): string {
  return PARTS.find(([pattern]) => pattern.test(command))?.[1] ?? 'other';
}

function listProcesses(): ProcessTimes[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((name) => readProcess(Number(name)) ?? []);
}

/** A process that ends while it is read is left out. */
function readProcess(pid: number): ProcessTimes | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    const [parent = 0, own = 0, ended = 0] = [
      fields[1],
      fields[11]! + fields[12]!,
      fields[13]! + fields[14]!,
    ];
    return { pid, parent, command, own, ended };
  } catch {
    return undefined;
  }
}
