import { basename, join } from 'node:path';
import { execa, ExecaError } from 'execa';
import type { OnStep } from '../on-step.js';
import { findOnPath, type Check } from './executables.js';
import type { ToolSource } from './find-tool.js';
import { installInto } from './install-into.js';

const BUILD_TIMEOUT_MS = 20 * 60_000;
/** Interval between progress messages. */
const REPORT_EVERY_MS = 30_000;

/** A published program, `package@version`. */
interface GoModule {
  readonly module: string;
}

/** A folder with a `go.mod`. */
interface GoFolder {
  readonly folder: string;
  /** Name of the program, for messages. */
  readonly title: string;
  /** Package to build: one in the folder, or one that its `go.mod` requires. */
  readonly package: string;
  /** Values for string variables of the program, `package.Name=value`. */
  readonly variables?: readonly string[];
}

export interface GoBuild {
  readonly kind: string;
  readonly target: GoModule | GoFolder;
  readonly fileName: string;
  readonly check: Check;
  /** Duration and download size, for messages. */
  readonly takes: string;
  readonly binDir: string;
  readonly searchPath: string;
  readonly onStep: OnStep;
}

/** Builds a tool with the Go toolchain, if one is installed. */
export function fromGo(build: GoBuild): ToolSource {
  const what = 'module' in build.target ? build.target.module : build.target.title;
  return {
    title: `build of ${what} with Go`,
    announce: `building ${what} with Go (${build.takes})`,
    find: async () => {
      const go = await findOnPath('go', build.searchPath);
      if (go === undefined) throw new Error('no Go toolchain on PATH');
      const path = await installInto(build.binDir, build.fileName, build.check, (folder) =>
        withProgress(build, () => compile(go, build, folder)),
      );
      return { path, kind: build.kind };
    },
  };
}

async function compile(go: string, { target, kind }: GoBuild, folder: string): Promise<string> {
  const isModule = 'module' in target;
  const binary = join(folder, isModule ? basename(target.module.split('@')[0] ?? kind) : kind);
  const args = isModule ? ['install', target.module] : buildArgs(target, binary);
  try {
    await execa(go, args, {
      cwd: folder,
      // No tool needs a C compiler, and go2rtc cannot be built with one.
      env: { GOBIN: folder, CGO_ENABLED: '0' },
      stdin: 'ignore',
      timeout: BUILD_TIMEOUT_MS,
    });
  } catch (error) {
    throw new Error(lastLines(error), { cause: error });
  }
  return binary;
}

function buildArgs(target: GoFolder, binary: string): readonly string[] {
  const variables = (target.variables ?? []).map((variable) => `-X ${variable}`);
  // Without debug information, which is a third of the file.
  const flags = ['-s', '-w', ...variables].join(' ');
  return [
    'build',
    '-C',
    target.folder,
    '-trimpath',
    '-ldflags',
    flags,
    '-o',
    binary,
    target.package,
  ];
}

function lastLines(error: unknown): string {
  if (!(error instanceof ExecaError)) return String(error);
  const stderr = String(error.stderr).trim().split('\n');
  return [error.shortMessage, ...stderr.slice(-5)].join('\n     ');
}

async function withProgress<T>({ kind, onStep }: GoBuild, work: () => Promise<T>): Promise<T> {
  const start = Date.now();
  const timer = setInterval(() => {
    onStep(`${kind}: still building (${Math.round((Date.now() - start) / 1000)} s)`);
  }, REPORT_EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
