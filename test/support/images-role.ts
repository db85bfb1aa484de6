import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import getPort from 'get-port';
import { projectFile } from '../../platform/package-root.js';
import type { Settings } from '../../stack/settings.js';

const HOST = '127.0.0.1';
const LOOK_MS = 50;

/** The compiled role `images` as a process, without any server. */
export interface RunningRole {
  readonly child: ChildProcess;
  readonly url: string;
  /** What it has written to standard error so far. */
  errors(): string;
  /** Ends it by SIGTERM; resolves with its exit code. */
  stop(): Promise<number | null>;
}

/** Runs the role until it ends by itself. */
export async function runRole(folder: string, settings: Settings) {
  const child = spawnRole(folder, await getPort({ host: HOST }), settings);
  const [errors] = await Promise.all([text(child.stderr!), once(child, 'exit')]);
  return { code: child.exitCode, errors };
}

/** Starts the role with its data in a folder; resolves when it is ready. */
export async function startRole(folder: string, settings: Settings): Promise<RunningRole> {
  const port = await getPort({ host: HOST });
  const url = `http://${HOST}:${port}`;
  const child = spawnRole(folder, port, settings);
  let errors = '';
  child.stderr!.setEncoding('utf8').on('data', (part: string) => (errors += part));
  while (!(await isReady(url))) {
    if (child.exitCode !== null) throw new Error(`The role ended: ${errors}`);
    await sleep(LOOK_MS);
  }
  return {
    ...{ child, url, errors: () => errors },
    stop: async () => {
      if (child.exitCode === null) {
        const exited = once(child, 'exit');
        child.kill('SIGTERM');
        await exited;
      }
      return child.exitCode;
    },
  };
}

function spawnRole(folder: string, port: number, settings: Settings): ChildProcess {
  return spawn(process.execPath, [projectFile('dist/api/images-main.js')], {
    cwd: folder,
    // No variable of a server.
    env: {
      PATH: process.env['PATH'],
      HOME: join(folder, 'home'),
      VIDETTE_DATA_DIR: join(folder, 'data'),
      VIDETTE_API_PORT: String(port),
      ...settings,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz`)).ok;
  } catch {
    return false;
  }
}
