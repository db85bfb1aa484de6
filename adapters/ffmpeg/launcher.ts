import { chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { parentDeathCommand } from '../../platform/parent-death.js';

export interface LauncherLimits {
  /** Wall clock and CPU seconds of one process; undefined for one that decodes a camera. */
  readonly timeoutS: number | undefined;
  /** Address space in bytes. */
  readonly memoryBytes: number;
  /** Largest file that may be written, in bytes. */
  readonly fileBytes: number;
}

/** Platform tools that fence ffmpeg in, and what each one is for. */
export const FENCES = {
  timeout: 'ends a process that takes too long',
  prlimit: 'limits memory, CPU time and file size',
  unshare: 'takes the network away',
  setpriv: 'ends ffmpeg when its worker dies',
} as const;

export type Fence = keyof typeof FENCES;

const DIE_WITH_PARENT = parentDeathCommand('KILL');

const PROBES: Record<Fence, readonly string[]> = {
  timeout: ['--foreground', '5', 'true'],
  prlimit: ['--core=0', 'true'],
  unshare: ['-rn', 'true'],
  setpriv: [...DIE_WITH_PARENT.slice(1), 'true'],
};

/** The fences that work here: unshare, for one, may exist and be denied by a container. */
export async function availableFences(): Promise<Fence[]> {
  const names = Object.keys(FENCES) as Fence[];
  const works = await Promise.all(names.map(isAvailable));
  return names.filter((_, i) => works[i]);
}

async function isAvailable(name: Fence): Promise<boolean> {
  return !(await execa(name, PROBES[name], { reject: false })).failed;
}

/**
 * Writes an executable that starts `tool` behind the fences and resolves with its path. Every
 * command but `timeout` replaces itself, so that the process that is killed is ffmpeg itself.
 */
export async function createLauncher(
  folder: string,
  tool: { readonly name: string; readonly path: string },
  limits: LauncherLimits,
  fences: readonly Fence[],
): Promise<string> {
  const path = join(folder, tool.name);
  const draft = `${path}.${process.pid}`;
  await mkdir(folder, { recursive: true });
  await writeFile(draft, launcherScript(tool.path, limits, fences));
  await chmod(draft, 0o755);
  await rename(draft, path);
  return path;
}

/** Variables that ffmpeg and its libraries use; no others reach it, because they contain credentials. */
const VARIABLES = [
  ...['PATH', 'HOME', 'TMPDIR', 'TZ', 'LANG', 'LC_ALL', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH'],
  ...['FONTCONFIG_FILE', 'FONTCONFIG_PATH', 'XDG_CACHE_HOME'],
];
const CLEAN_ENVIRONMENT = `env -i ${VARIABLES.map((name) => `\${${name}+${name}="$${name}"}`).join(' ')}`;

/** The launcher's text: a chain of `exec`s that hands all arguments on as they are. */
export function launcherScript(
  toolPath: string,
  limits: LauncherLimits,
  fences: readonly Fence[],
): string {
  const dieWithParent = DIE_WITH_PARENT.join(' ');
  const { timeoutS, memoryBytes, fileBytes } = limits;
  const cpu = timeoutS === undefined ? '' : ` --cpu=${timeoutS}`;
  const commands: Record<Fence, string> = {
    timeout: `timeout --foreground -k 2 ${timeoutS}`,
    prlimit: `prlimit --as=${memoryBytes}${cpu} --fsize=${fileBytes} --core=0`,
    unshare: 'unshare -rn',
    setpriv: dieWithParent,
  };
  const chain = (Object.keys(commands) as Fence[])
    .filter((name) => fences.includes(name))
    .filter((name) => name !== 'timeout' || timeoutS !== undefined);
  // `timeout` keeps ffmpeg as a child, so that both must be tied to the worker's life.
  const outer = chain.includes('timeout') && chain.includes('setpriv') ? [dieWithParent] : [];
  const words = [
    CLEAN_ENVIRONMENT,
    ...outer,
    ...chain.map((name) => commands[name]),
    quote(toolPath),
    '"$@"',
  ];
  return `#!/bin/sh\nexec ${words.join(' ')}\n`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
