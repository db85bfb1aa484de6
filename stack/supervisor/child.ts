import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { endProcess, processOf, sendSignal, type ProcessId } from './identity.js';
import { emptyLargeLog, rotateLog } from './log-file.js';

/** Interval between checks of the size of a log. */
const LOG_CHECK_MS = 60_000;

export interface ChildCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Complete environment of the child. */
  readonly env: NodeJS.ProcessEnv;
  readonly logPath: string;
}

/** A child process that writes to a log file. */
export interface Child {
  readonly id: ProcessId | undefined;
  /** Resolves with the exit code, signal or error; never rejects. */
  readonly ended: Promise<string>;
  /** Sends SIGTERM, and after the grace period SIGKILL to its session; resolves when it has exited. */
  stop(graceMs: number): Promise<void>;
}

/** Starts a process in a new session, so that Ctrl-C in a terminal reaches only the parent. */
export async function startChild(options: ChildCommand): Promise<Child> {
  await rotateLog(options.logPath);
  const log = await open(options.logPath, 'a', 0o600);
  try {
    const child = spawn(options.command, options.args, {
      cwd: options.cwd,
      env: options.env,
      stdio: ['ignore', log.fd, log.fd],
      detached: true,
    });
    const ended = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
    });
    limitLog(options.logPath, ended);
    const id = child.pid === undefined ? undefined : processOf(child.pid);
    return { id, ended, stop: (graceMs) => stopChild(id, ended, graceMs) };
  } finally {
    await log.close();
  }
}

/** Limits the size of a log until the process that writes to it has ended. */
function limitLog(path: string, ended: Promise<string>): void {
  const check = () => void emptyLargeLog(path).catch(() => undefined);
  const timer = setInterval(check, LOG_CHECK_MS).unref();
  void ended.then(() => clearInterval(timer));
}

async function stopChild(
  id: ProcessId | undefined,
  ended: Promise<string>,
  graceMs: number,
): Promise<void> {
  if (!id) return;
  await endProcess(id, graceMs);
  await ended;
  // Processes in its session may have survived it.
  sendSignal(-id.pid, 'SIGKILL');
}
