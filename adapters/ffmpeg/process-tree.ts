import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';

/**
 * A process and all that descend from it, as Linux lists them; elsewhere the process alone.
 * Parents come before their children.
 */
export async function processTree(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  const children = text.split(' ').filter((word) => word.trim() !== '');
  const below = await Promise.all(children.map((child) => processTree(Number(child))));
  return [pid, ...below.flat()];
}

/** Processor time in clock ticks that live processes have used; undefined where none tells. */
export async function processorTicks(pids: readonly number[]): Promise<number | undefined> {
  const ticks = await Promise.all(pids.map(ticksOf));
  const known = ticks.filter((each) => each !== undefined);
  return known.length > 0 ? known.reduce((sum, each) => sum + each, 0) : undefined;
}

/** Fields 3, 14 and 15 of proc(5)'s stat, counted from behind the name in brackets. */
const STATE = 0;
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;

async function ticksOf(pid: number): Promise<number | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  // An ended process keeps its entry until its parent asks for it.
  if (!fields || fields[STATE] === 'Z') return undefined;
  return Number(fields[USER_TICKS]) + Number(fields[SYSTEM_TICKS]);
}

/** Kills the tree of a child that has not ended; the number of one that has may be another's. */
export async function killRunning(child: ChildProcess | undefined): Promise<void> {
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  await killTree(child.pid);
}

/** Ends a process and all that descend from it at once, even those that are stopped. */
export async function killTree(pid: number): Promise<void> {
  for (const each of await processTree(pid)) {
    try {
      process.kill(each, 'SIGKILL');
    } catch {
      // It ended meanwhile.
    }
  }
}
