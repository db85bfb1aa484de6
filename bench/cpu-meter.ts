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
  const all = listProcesses();
  const inTree = new Set(roots);
  // A child may be listed before its parent: as many rounds as the tree is deep.
  for (let size = 0; size !== inTree.size;) {
    size = inTree.size;
    for (const { pid, parent } of all) if (inTree.has(parent)) inTree.add(pid);
  }
  const seconds: Record<string, number> = {};
  const add = (part: string, ticks: number) => {
    seconds[part] = (seconds[part] ?? 0) + ticks / TICKS_PER_SECOND;
  };
  for (const { pid, command, own, ended } of all) {
    if (!inTree.has(pid)) continue;
    const part = partOf(command);
    add(part, own);
    // What ended under a worker or a lane was ffmpeg, behind its launcher.
    add(`${part}: ffmpeg`, ended);
  }
  return seconds;
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
