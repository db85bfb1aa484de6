import { readdirSync, readFileSync } from 'node:fs';

/** What the kernel tells of a process; Linux's `/proc` only. */
export interface ProcessTimes {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
  /** Own time, and time of children that have ended, in clock ticks. */
  readonly own: number;
  readonly ended: number;
}

export const TICKS_PER_SECOND = 100;

/** Processes of these ids, with their children, their children's children, and so on. */
export function processesUnder(roots: readonly number[]): ProcessTimes[] {
  const all = listProcesses();
  const inTree = new Set(roots);
  // A child may be listed before its parent: as many rounds as the tree is deep.
  for (let size = 0; size !== inTree.size;) {
    size = inTree.size;
    for (const { pid, parent } of all) if (inTree.has(parent)) inTree.add(pid);
  }
  return all.filter(({ pid }) => inTree.has(pid));
}

const PARTS: readonly [RegExp, string][] = [
  [/detection\/lane-main\.js/, 'lanes'],
  [/workers\/detect\/main\.js/, 'detect worker'],
  [/workers\/video\/main\.js/, 'video worker'],
  [/server start-dev/, 'Temporal'],
  [/minio/, 'object store'],
  [/ferretdb|mongod/, 'document store'],
  [/ffmpeg|ffprobe/, 'ffmpeg, running'],
];

/** Name of the part of the system that a command line belongs to. */
export function partOf(command: string): string {
  return PARTS.find(([pattern]) => pattern.test(command))?.[1] ?? 'other';
}

/** Clock ticks of each thread that lives, by the name that it has given itself. */
export function threadsOf(pid: number): { readonly name: string; readonly ticks: number }[] {
  const tids = numbersIn(`/proc/${pid}/task`);
  return tids.flatMap((tid) => {
    const stat = readStat(`/proc/${pid}/task/${tid}/stat`);
    if (!stat) return [];
    return { name: tid === pid ? 'main' : stat.name, ticks: stat.fields[11]! + stat.fields[12]! };
  });
}

function listProcesses(): ProcessTimes[] {
  return numbersIn('/proc').flatMap((pid) => readProcess(pid) ?? []);
}

function numbersIn(folder: string): number[] {
  try {
    return readdirSync(folder).map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

/** A process that ends while it is read is left out. */
function readProcess(pid: number): ProcessTimes | undefined {
  const stat = readStat(`/proc/${pid}/stat`);
  const command = readText(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ');
  if (!stat || command === undefined) return undefined;
  const { fields } = stat;
  const [parent, own, ended] = [fields[1]!, fields[11]! + fields[12]!, fields[13]! + fields[14]!];
  return { pid, parent, command, own, ended };
}

/** The name, and the fields from the third on. */
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
