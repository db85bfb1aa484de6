import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';

/**
 * A process and its descendants on Linux, parents before their children; the process alone on other
 * systems.
 */
export async function processTree(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  const children = text.split(' ').filter((word) => word.trim() !== '');
  const below = await Promise.all(children.map((child) => processTree(Number(child))));
  return [pid, ...below.flat()];
}

/** CPU time of running processes in clock ticks; undefined if it cannot be read. */
export async function processorTicks(pids: readonly number[]): Promise<number | undefined> {
  const ticks = await Promise.all(pids.map(ticksOf));
  const known = ticks.filter((each) => each !== undefined);
  return known.length > 0 ? known.reduce((sum, each) => sum + each, 0) : undefined;
}

/** Fields 3, 14 and 15 of stat in proc(5), counted after the name in brackets. */
const STATE = 0;
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;

async function ticksOf(pid: number): Promise<number | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  // A process that has exited keeps its entry until its parent reads its status.
  if (!fields || fields[STATE] === 'Z') return undefined;
  return Number(fields[USER_TICKS]) + Number(fields[SYSTEM_TICKS]);
}

/** Kills the tree of a running child; the pid of one that has exited may be in use again. */
export async function killRunning(child: ChildProcess | undefined): Promise<void> {
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  await killTree(child.pid);
}

/** Kills a process and its descendants, also suspended ones. */
export async function killTree(pid: number): Promise<void> {
  for (const each of await processTree(pid)) {
    try {
      process.kill(each, 'SIGKILL');
    } catch {
      // It has exited.
    }
  }
}
