import { randomUUID } from 'node:crypto';
import { execa } from 'execa';
import { inject, onTestFinished } from 'vitest';
import type { Settings } from '../../stack/settings.js';
import type { LogRecord } from '../support/workers.js';

export interface ContainerOptions {
  readonly image: string;
  readonly settings?: Settings;
  /** Default: the command of the image. */
  readonly command?: readonly string[];
  /** `host` reaches servers of this machine on loopback; default: no network at all. */
  readonly network?: 'none' | 'host';
  /** Further arguments of `podman run`. */
  readonly args?: readonly string[];
}

/** A running container, restricted as in docker-compose.yml. */
export interface Container {
  readonly name: string;
  /** Runs a program in it; resolves with its standard output. */
  exec(args: readonly string[], input?: string): Promise<string>;
  /** Exit code of a program in it. */
  exitCodeOf(args: readonly string[]): Promise<number | undefined>;
  /** What it wrote to standard output and standard error. */
  output(): Promise<{ readonly stdout: string; readonly stderr: string }>;
  /** Records of its log. */
  records(): Promise<readonly LogRecord[]>;
  isRunning(): Promise<boolean>;
  /** Sends SIGTERM; resolves with the exit code, which is 137 after the grace period. */
  stop(graceS?: number): Promise<number>;
  remove(): Promise<void>;
}

const RESTRICTED = [
  ...['--read-only', '--cap-drop', 'all', '--security-opt', 'no-new-privileges'],
  ...['--tmpfs', '/tmp:size=512m,mode=1777', '--pids-limit', '512'],
];

/** Runs podman; rejects with its standard error if it fails. */
export async function podman(args: readonly string[], input = ''): Promise<string> {
  const { stdout } = await execa('podman', args, { env: inject('images').env, input });
  return stdout;
}

/** Starts a container, which the caller removes. */
export async function startContainer(options: ContainerOptions): Promise<Container> {
  const { image, settings = {}, command = [], network = 'none', args = [] } = options;
  const name = `vidette-check-${randomUUID().slice(0, 8)}`;
  const env = Object.entries(settings).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
  const own = ['--detach', '--name', name, '--network', network];
  await podman(['run', ...own, ...RESTRICTED, ...env, ...args, image, ...command]);
  return containerOf(name);
}

/** Starts a container that is removed after the test. */
export async function startForTest(options: ContainerOptions): Promise<Container> {
  const container = await startContainer(options);
  onTestFinished(() => container.remove());
  return container;
}

/** A container by its name, which may have been removed. */
export function containerOf(name: string): Container {
  const { env } = inject('images');
  const inspect = (field: string) => podman(['inspect', '--format', `{{.State.${field}}}`, name]);
  const execArgs = (args: readonly string[]) => ['exec', '--interactive', name, ...args];
  const output: Container['output'] = async () => {
    const { stdout, stderr } = await execa('podman', ['logs', name], { env });
    return { stdout, stderr };
  };
  return {
    name,
    exec: (args, input) => podman(execArgs(args), input),
    exitCodeOf: async (args) =>
      (await execa('podman', execArgs(args), { env, reject: false, input: '' })).exitCode,
    output,
    records: async () => {
      const lines = (await output()).stdout.split('\n').filter((line) => line.startsWith('{'));
      return lines.map((line) => JSON.parse(line) as LogRecord);
    },
    isRunning: async () => (await inspect('Running')) === 'true',
    stop: async (graceS = 30) => {
      await podman(['stop', '--time', String(graceS), name]);
      return Number(await inspect('ExitCode'));
    },
    remove: async () =>
      void (await podman(['rm', '--force', '--ignore', '--volumes', '--time', '1', name])),
  };
}
