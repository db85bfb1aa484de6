import { execa } from 'execa';
import { findOnPath } from './executables.js';
import type { ToolSource } from './find-tool.js';
import type { ToolContext } from './tool-context.js';

const INSTALL_TIMEOUT_MS = 15 * 60_000;

interface Command {
  readonly path: string;
  readonly args: readonly string[];
}

/**
 * Source that installs a package for the whole system, if the user allows it. `installed` finds the
 * tool afterwards.
 */
export function fromPackageManager(
  packageName: string,
  { config, onStep, confirm }: ToolContext,
  installed: ToolSource,
): ToolSource {
  const { searchPath } = config.tools;
  return {
    title: "the system's package manager",
    find: async () => {
      const commands = await installCommands(packageName, searchPath);
      const text = commands
        .map(({ path, args }) => `\`${[path, ...args].join(' ')}\``)
        .join(' and ');
      const question = `Install ${packageName} for the whole system with ${text}?`;
      if (!(await confirm({ kind: 'install', question }))) {
        throw new Error(
          `${text} changes the system. Allow it with --yes or VIDETTE_ALLOW_INSTALL=true`,
        );
      }
      onStep(`${packageName}: running ${text} (1 to 2 minutes)`);
      for (const command of commands) await run(command);
      return installed.find();
    },
  };
}

async function run({ path, args }: Command): Promise<void> {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await execa(path, args, { env, stdin: 'ignore', timeout: INSTALL_TIMEOUT_MS });
}

async function installCommands(
  packageName: string,
  searchPath: string,
): Promise<readonly Command[]> {
  const brew = await findOnPath('brew', searchPath);
  if (process.platform === 'darwin' && brew !== undefined) {
    return [{ path: brew, args: ['install', packageName] }];
  }
  const aptGet = await findOnPath('apt-get', searchPath);
  if (aptGet === undefined) throw new Error('neither apt-get nor brew is available');
  const install = ['install', '-y', '--no-install-recommends', packageName];
  const commands = [['update'], install].map((args) => ({ path: aptGet, args }));
  return Promise.all(commands.map((command) => asRoot(command, searchPath)));
}

/** Wraps a command with sudo if needed. @throws Error if sudo is missing or requires a password. */
async function asRoot(command: Command, searchPath: string): Promise<Command> {
  if (process.getuid?.() === 0) return command;
  const sudo = await findOnPath('sudo', searchPath);
  if (sudo === undefined) throw new Error('apt-get requires root, and sudo is not installed');
  const { exitCode } = await execa(sudo, ['-n', 'true'], { reject: false, stdin: 'ignore' });
  if (exitCode !== 0) throw new Error('apt-get requires root, and sudo requires a password');
  return { path: sudo, args: ['-n', command.path, ...command.args] };
}
