import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { AppError, messageOf } from '../../domain/errors.js';

/** End of a process: its exit code, or the signal that ended it. */
export interface ToolEnd {
  readonly code: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
}

/**
 * Starts a launcher with pipes for its output, and resolves when it runs.
 * @throws AppError `DECODE_FAILED` if the system cannot start it: a limit of processes, files or
 * memory is reached, or the launcher is missing. The activity is retried.
 */
export async function startTool(launcher: string, args: readonly string[], cwd?: string) {
  try {
    const child = spawn(resolve(launcher), args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = new Promise<ToolEnd>((settle) => {
      child.once('close', (code, signal) => {
        settle({ code: code ?? undefined, signal: signal ?? undefined });
      });
    });
    await once(child, 'spawn');
    return { child, ended };
  } catch (cause) {
    const message = `${launcher} cannot be started: ${messageOf(cause)}`;
    throw new AppError('DECODE_FAILED', message, {}, { cause });
  }
}
