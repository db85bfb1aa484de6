import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expectId } from '../../domain/names.js';
import type { TaskTokens } from '../../domain/ports/task-tokens.js';

/** Tokens in a folder of this host. */
export interface TaskTokenFiles extends TaskTokens {
  /** Returns the tokens that processes which have exited left behind, and removes them. */
  takeLeft(): Promise<readonly Buffer[]>;
}

interface StoredToken {
  readonly pid: number;
  readonly token: string;
}

/** Opens the folder of the tokens of a worker's activities. */
export async function openTaskTokens(folder: string): Promise<TaskTokenFiles> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const pathOf = (name: string) => join(folder, `${expectId('a name of a token', name)}.json`);
  return {
    during: async (name, token, work) => {
      const stored: StoredToken = { pid: process.pid, token };
      await writeFile(pathOf(name), JSON.stringify(stored), { mode: 0o600 });
      try {
        return await work();
      } finally {
        await rm(pathOf(name), { force: true });
      }
    },
    takeLeft: async () => {
      const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
      const tokens = await Promise.all(names.map((name) => takeToken(join(folder, name))));
      return tokens.filter((token) => token !== undefined);
    },
  };
}

/** Takes a token unless its process runs. A file that is cut off has no token. */
async function takeToken(path: string): Promise<Buffer | undefined> {
  const stored = parseToken(await readFile(path, 'utf8').catch(() => ''));
  if (stored && isOtherProcess(stored.pid)) return undefined;
  await rm(path, { force: true });
  return stored && Buffer.from(stored.token, 'base64');
}

function parseToken(text: string): StoredToken | undefined {
  try {
    return JSON.parse(text) as StoredToken;
  } catch {
    return undefined;
  }
}

/** In a container, the process before had the id of this one. */
function isOtherProcess(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
