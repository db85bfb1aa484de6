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
  /** Minimum `[major, minor]` of the version in its output. */
  readonly atLeast?: readonly [number, number];
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
  assertVersion(path, run.all, check.atLeast);
  return path;
}

function assertVersion(path: string, output: string, atLeast: Check['atLeast']): void {
  // Development builds do not print a version number; they count as new.
  const [, major, minor] = /version n?(\d+)\.(\d+)/.exec(output) ?? [];
  if (!atLeast || major === undefined || minor === undefined) return;
  const [wantedMajor, wantedMinor] = atLeast;
  const isOld =
    Number(major) < wantedMajor || (Number(major) === wantedMajor && Number(minor) < wantedMinor);
  if (isOld) {
    throw new Error(
      `${path} has version ${major}.${minor}; version ${wantedMajor}.${wantedMinor} or newer is required`,
    );
  }
}
