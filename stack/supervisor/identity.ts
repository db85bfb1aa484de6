import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { execaSync } from 'execa';
import { z } from 'zod';

const POLL_MS = 50;
const KILL_TIMEOUT_MS = 5000;

export const processIdSchema = z.object({
  pid: z.number().int().positive(),
  startedAt: z.string(),
});

/** A process, identified by its pid and start time, because pids are reused. */
export type ProcessId = z.infer<typeof processIdSchema>;

/** Returns the process with a pid; undefined if there is none or it is a zombie. */
export function processOf(pid: number): ProcessId | undefined {
  const startedAt = process.platform === 'linux' ? startOnLinux(pid) : startFromPs(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

function startOnLinux(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may contain anything; the state is field 3, the start time field 22.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}/${fields[19]}`;
  } catch {
    return undefined;
  }
}

function startFromPs(pid: number): string | undefined {
  const ps = execaSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
    reject: false,
    env: { LC_ALL: 'C', TZ: 'UTC' },
  });
  const [, state, start] = /^\s*(\S+)\s+(.+?)\s*$/.exec(ps.stdout) ?? [];
  return ps.exitCode === 0 && state !== undefined && !state.startsWith('Z') ? start : undefined;
}

/** Whether this exact process is alive. */
export function isAlive(id: ProcessId): boolean {
  return processOf(id.pid)?.startedAt === id.startedAt;
}

/** Terminates this exact process (SIGTERM, after the grace period SIGKILL) and waits for its exit. */
export async function endProcess(id: ProcessId, graceMs: number): Promise<void> {
  if (await signalAndWait(id, 'SIGTERM', graceMs)) return;
  await signalAndWait(id, 'SIGKILL', KILL_TIMEOUT_MS);
}

async function signalAndWait(
  id: ProcessId,
  signal: NodeJS.Signals,
  timeoutMs: number,
): Promise<boolean> {
  if (!isAlive(id)) return true;
  sendSignal(id.pid, signal);
  const deadline = Date.now() + timeoutMs;
  while (isAlive(id)) {
    if (Date.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}

/** Sends a signal; ignores processes that have already exited. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    const isGone = error instanceof Error && 'code' in error && error.code === 'ESRCH';
    if (!isGone) throw error;
  }
}
