import { readdirSync, readFileSync } from 'node:fs';

/** Times of a process as reported by the kernel. Requires Linux's `/proc`. */
export interface ProcessTimes {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
  /** CPU time of the process in clock ticks. */
  readonly selfTicks: number;
  /** CPU time of its children that have ended, in clock ticks. */
  readonly endedChildTicks: number;
}

export const TICKS_PER_SECOND = 100;

/** Returns the processes with these ids and all their descendants. */
export function processesUnder(roots: readonly number[]): ProcessTimes[] {
  const all = listProcesses();
  const inTree = new Set(roots);
  // A child may be listed before its parent, so repeat until the tree is complete.
  for (let size = 0; size !== inTree.size;) {
    size = inTree.size;
    for (const { pid, parent } of all) if (inTree.has(parent)) inTree.add(pid);
  }
  return all.filter(({ pid }) => inTree.has(pid));
}

const PARTS: readonly [RegExp, string][] = [
  [/(detection\/lane-main|images\/image-lane)\.js/, 'lanes'],
  [/streams\/lane-main\.js/, 'stream lanes'],
  [/streams\/camera-main\.js/, 'camera processes'],
  [/workers\/stream\/main\.js/, 'stream worker'],
  [/api\/main\.js/, 'API'],
  [/workers\/detect\/main\.js/, 'detect worker'],
  [/workers\/video\/main\.js/, 'video worker'],
  [/server start-dev/, 'Temporal'],
  [/versitygw|minio/, 'object store'],
  [/ferretdb|mongod/, 'document store'],
  [/ffmpeg|ffprobe/, 'ffmpeg, running'],
];

/** Returns the part of the system that a command line belongs to. */
export function partOf(command: string): string {
  return PARTS.find(([pattern]) => pattern.test(command))?.[1] ?? 'other';
}

/** Reads the name and clock ticks of each running thread. */
export function readThreads(pid: number): { readonly name: string; readonly ticks: number }[] {
  const tids = listNumbers(`/proc/${pid}/task`);
  return tids.flatMap((tid) => {
    const stat = readStat(`/proc/${pid}/task/${tid}/stat`);
    if (!stat) return [];
    return { name: tid === pid ? 'main' : stat.name, ticks: stat.fields[11]! + stat.fields[12]! };
  });
}

function listProcesses(): ProcessTimes[] {
  return listNumbers('/proc').flatMap((pid) => readProcess(pid) ?? []);
}

function listNumbers(folder: string): number[] {
  try {
    return readdirSync(folder).map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

/** Returns undefined if the process ends while it is read. */
function readProcess(pid: number): ProcessTimes | undefined {
  const stat = readStat(`/proc/${pid}/stat`);
  const command = readText(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ');
  if (!stat || command === undefined) return undefined;
  const { fields } = stat;
  const selfTicks = fields[11]! + fields[12]!;
  const endedChildTicks = fields[13]! + fields[14]!;
  return { pid, parent: fields[1]!, command, selfTicks, endedChildTicks };
}

/** Returns the name, and the fields from the third on (proc_pid_stat(5)). */
function readStat(path: string) {
  const text = readText(path);
  if (text === undefined) return undefined;
  const [open, close] = [text.indexOf('('), text.lastIndexOf(')')];
  const fields = text
    .slice(close + 2)
    .split(' ')
    .map(Number);
  return { name: text.slice(open + 1, close), fields };
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
