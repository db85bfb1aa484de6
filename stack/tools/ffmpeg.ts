import { execa } from 'execa';
import { findOnPath } from './executables.js';
import type { Tool, ToolSource } from './find-tool.js';
import { fromCache, fromEnvironment, fromPath } from './sources.js';
import type { ToolContext } from './tool-context.js';

type Name = 'ffmpeg' | 'ffprobe';

const INSTALL_TIMEOUT_MS = 15 * 60_000;

/** ffmpeg or ffprobe; one package contains both. */
export function ffmpegTool(name: Name, { config, binDir }: ToolContext): Tool {
  const { searchPath } = config.tools;
  const configured = name === 'ffmpeg' ? config.ffmpeg.ffmpegPath : config.ffmpeg.ffprobePath;
  const check = {
    args: ['-version'],
    expects: new RegExp(`${name} version`),
    atLeast: [5, 1],
  } as const;
  const variable = `VIDETTE_${name.toUpperCase()}`;
  const onPath = fromPath(name, searchPath, check);
  return {
    name,
    explicit: configured === name ? undefined : fromEnvironment(variable, configured, name, check),
    lookups: [onPath, fromCache(binDir, name, name, check)],
    installs: [fromPackageManager(searchPath, onPath)],
    manualSteps: `install ffmpeg 5.1 or newer with your package manager (https://ffmpeg.org/download.html) so that ffmpeg and ffprobe are on PATH; or set ${variable} to the executable.`,
  };
}

function fromPackageManager(searchPath: string, installed: ToolSource): ToolSource {
  return {
    title: "the system's package manager",
    announce: "installing ffmpeg with the system's package manager (1 to 2 minutes)",
    find: async () => {
      for (const command of await installCommands(searchPath)) {
        await execa({
          env: { DEBIAN_FRONTEND: 'noninteractive' },
          stdin: 'ignore',
          timeout: INSTALL_TIMEOUT_MS,
        })(command.path, command.args);
      }
      return installed.find();
    },
  };
}

interface Command {
  readonly path: string;
  readonly args: readonly string[];
}

async function installCommands(searchPath: string): Promise<readonly Command[]> {
  const brew = await findOnPath('brew', searchPath);
  if (process.platform === 'darwin' && brew !== undefined) {
    return [{ path: brew, args: ['install', 'ffmpeg'] }];
  }
  const aptGet = await findOnPath('apt-get', searchPath);
  if (aptGet === undefined) throw new Error('neither apt-get nor brew is available');
  const update = { path: aptGet, args: ['update'] };
  const install = { path: aptGet, args: ['install', '-y', '--no-install-recommends', 'ffmpeg'] };
  return Promise.all([update, install].map((command) => asRoot(command, searchPath)));
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
