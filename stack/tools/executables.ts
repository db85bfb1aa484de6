import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';

const CHECK_TIMEOUT_MS = 30_000;

/** Check that an executable is the expected one. */
export interface Check {
  readonly args: readonly string[];
  /** Pattern that its output must match. */
  readonly expects: RegExp;
  /** Further check of the path; rejects with the reason. */
  readonly verify?: (path: string) => Promise<void>;
}

/** Finds the first executable with a name in a search path; undefined if there is none. */
export async function findOnPath(name: string, searchPath: string): Promise<string | undefined> {
  for (const folder of searchPath.split(delimiter)) {
    const path = join(folder, name);
    if (folder !== '' && (await isExecutable(path))) return path;
  }
  return undefined;
}

/** Whether a path is an executable file. */
async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** Runs an executable to check it, and returns its path. @throws Error with the reason if it fails. */
export async function checkExecutable(path: string, check: Check): Promise<string> {
  if (!(await isExecutable(path))) throw new Error(`${path} is not an executable file`);
  const run = await execa(path, check.args, {
    timeout: CHECK_TIMEOUT_MS,
    reject: false,
    all: true,
    stdin: 'ignore',
  });
  if (run.exitCode !== 0 || !check.expects.test(run.all)) {
    throw new Error(`${path} ${check.args.join(' ')} did not print the expected output`);
  }
  await check.verify?.(path);
  return path;
}
