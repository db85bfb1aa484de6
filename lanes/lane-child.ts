import { type ChildProcess, fork } from 'node:child_process';
import { setPriority } from 'node:os';
import type { FromLane, ToLane } from './protocol.js';

export interface LaneCommand {
  /** Compiled entry point of a lane process. */
  readonly entry: string;
  /** Command and arguments that are put before the command of the lane. */
  readonly wrapper: readonly string[];
  /** Environment of the process; default: that of this process. */
  readonly env?: NodeJS.ProcessEnv;
  /** Niceness of the process, up to 19 (lowest priority); default: that of this process. */
  readonly niceness?: number;
}

/** Operating system process of a lane, and its channel. */
export interface LaneChild<Job> {
  readonly pid: number | undefined;
  /** Resolves with the reason when the process has exited or could not be started. */
  readonly exited: Promise<string>;
  readonly send: (message: ToLane<Job>) => void;
  readonly kill: (signal: 'SIGTERM' | 'SIGKILL') => void;
}

/** Starts the process of a lane. */
export function startLaneChild<Job, Result>(
  command: LaneCommand,
  onMessage: (message: FromLane<Result>) => void,
): LaneChild<Job> {
  const child = forkWrapped(command);
  // Its threads are started later, and inherit it.
  if (command.niceness !== undefined && child.pid !== undefined)
    setPriority(child.pid, command.niceness);
  child.on('message', onMessage);
  return {
    pid: child.pid,
    exited: new Promise((resolve) => {
      child.once('exit', (code, signal) => resolve(signal ?? `code ${code}`));
      // A process that could not be started emits no exit.
      child.on('error', (error) => child.pid === undefined && resolve(error.message));
    }),
    send: (message) => {
      // A closing channel is followed by the exit, which rejects the jobs.
      if (child.connected) child.send(message, () => undefined);
    },
    kill: (signal) => child.kill(signal),
  };
}

/** Starts a Node process with a channel, behind the command of a wrapper. */
export function forkWrapped({ entry, wrapper, env }: LaneCommand): ChildProcess {
  const [command, ...args] = wrapper;
  const wrapped = command !== undefined && {
    execPath: command,
    execArgv: [...args, process.execPath, ...process.execArgv],
  };
  return fork(entry, { serialization: 'advanced', ...(env && { env }), ...wrapped });
}
