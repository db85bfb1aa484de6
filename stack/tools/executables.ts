import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';

const CHECK_TIMEOUT_MS = 30_000;

/** How to tell that an executable is the right one. */
export interface Check {
  readonly args: readonly string[];
  /** What its output says. */
  readonly expects: RegExp;
  /** Lowest `[major, minor]` of the version that it prints. */
  readonly atLeast?: readonly [number, number];
}

/** The first executable of this name in the folders of a search path, or undefined. */
export async function findOnPath(name: string, searchPath: string): Promise<string | undefined> {
  for (const folder of searchPath.split(delimiter)) {
    const path = join(folder, name);
    if (folder !== '' && (await isExecutable(path))) return path;
  }
  return undefined;
}

/** Whether a path is a file that may be run. */
async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** The path itself, once the executable ran and answered as expected; else an error that says why. */
export async function checked(path: string, check: Check): Promise<string> {
  if (!(await isExecutable(path))) throw new Error(`${path} is no executable file`);
  const run = await execa(path, check.args, {
    timeout: CHECK_TIMEOUT_MS,
    reject: false,
    all: true,
    stdin: 'ignore',
  });
  if (run.exitCode !== 0 || !check.expects.test(run.all)) {
    throw new Error(`${path} ${check.args.join(' ')} did not answer as expected`);
  }
  assertVersion(path, run.all, check.atLeast);
  return path;
}

function assertVersion(path: string, output: string, atLeast: Check['atLeast']): void {
  // A build from version control prints no number; it is taken as new.
  const [, major, minor] = /version n?(\d+)\.(\d+)/.exec(output) ?? [];
  if (!atLeast || major === undefined || minor === undefined) return;
  const [wantedMajor, wantedMinor] = atLeast;
  const isOld =
    Number(major) < wantedMajor || (Number(major) === wantedMajor && Number(minor) < wantedMinor);
  if (isOld) {
    throw new Error(
      `${path} has version ${major}.${minor}; ${wantedMajor}.${wantedMinor} or newer is needed`,
    );
  }
}
