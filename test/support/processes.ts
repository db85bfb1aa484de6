import { execa } from 'execa';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface RunningProcess {
  readonly pid: number;
  readonly parentPid: number;
  readonly command: string;
}

/** Returns all processes of this machine. */
async function allProcesses(): Promise<RunningProcess[]> {
  const { stdout } = await execa('ps', ['-A', '-ww', '-o', 'pid=,ppid=,args=']);
  return stdout.split('\n').map((line) => {
    const [, pid, parentPid, command = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return { pid: Number(pid), parentPid: Number(parentPid), command };
  });
}

/** Returns the ffmpeg and ffprobe processes that use files of a folder. */
export async function ffmpegsOn(folder: string): Promise<RunningProcess[]> {
  const processes = await allProcesses();
  return processes.filter(
    ({ command }) => /ffmpeg|ffprobe/.test(command) && command.includes(folder),
  );
}

/** Entry points of lanes: of a detect worker, and of the HTTP API. */
const LANE = /\/(detection\/lane-main|api\/images\/image-lane)\.js/;

const CAMERA = /\/streams\/camera-main\.js/;

/** Returns the process ids of the lanes of a detect worker. */
export async function lanesOf(workerPid: number): Promise<number[]> {
  const processes = await allProcesses();
  const lanes = processes.filter(
    ({ parentPid, command }) => parentPid === workerPid && LANE.test(command),
  );
  return lanes.map(({ pid }) => pid);
}

/** Returns the process ids of the cameras of a stream worker. */
export async function cameraProcessesOf(workerPid: number): Promise<number[]> {
  const processes = await allProcesses();
  const cameras = processes.filter(
    ({ parentPid, command }) => parentPid === workerPid && CAMERA.test(command),
  );
  return cameras.map(({ pid }) => pid);
}

/** Returns the processes whose arguments or environment name a folder. */
export async function processesOf(folder: string): Promise<RunningProcess[]> {
  const processes = await allProcesses();
  const named = await Promise.all(
    processes.map(async ({ pid, command }) => {
      // Not readable, or exited since it was listed.
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      return command.includes(folder) || environment.includes(folder);
    }),
  );
  return processes.filter((_, i) => named[i]);
}

/** Returns the given processes that run; zombies do not count. */
export async function runningOf(pids: readonly number[]): Promise<number[]> {
  const processes = await allProcesses();
  const running = processes.filter(
    ({ pid, command }) => pids.includes(pid) && !/<defunct>/.test(command),
  );
  return running.map(({ pid }) => pid);
}

/** Returns the files of jobs in a scratch folder: attempts and ranges, without caches. */
export async function scratchLeftovers(folder: string): Promise<string[]> {
  const entries = await readdir(join(folder, 'scratch'), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => /\/(attempts|ranges)\//.test(path) || path.endsWith('.partial'));
}
