import { execa } from 'execa';
import { findOnPath } from './executables.js';
import type { Tool, ToolSource } from './find-tool.js';
import { fromCache, fromEnvironment, fromPath } from './sources.js';
import type { ToolContext } from './tool-context.js';

type Name = 'ffmpeg' | 'ffprobe';

const INSTALL_TIMEOUT_MS = 15 * 60_000;

/** ffmpeg or ffprobe; both come in one package. */
export function ffmpegTool(name: Name, { config, binDir }: ToolContext): Tool {
  const { searchPath } = config.tools;
  const given = name === 'ffmpeg' ? config.ffmpeg.ffmpegPath : config.ffmpeg.ffprobePath;
  const check = {
    args: ['-version'],
    expects: new RegExp(`${name} version`),
    atLeast: [5, 1],
  } as const;
  const variable = `VIDETTE_${name.toUpperCase()}`;
  const onPath = fromPath(name, searchPath, check);
  return {
    name,
    explicit: given === name ? undefined : fromEnvironment(variable, given, name, check),
    lookups: [onPath, fromCache(binDir, name, name, check)],
    installs: [fromPackageManager(searchPath, onPath)],
    byHand: `install ffmpeg 5.1 or newer with your package manager (https://ffmpeg.org/download.html) so that ffmpeg and ffprobe are on PATH, or set ${variable} to the executable.`,
  };
}

function fromPackageManager(searchPath: string, installed: ToolSource): ToolSource {
  return {
    title: "the platform's package manager",
    announce: "installing ffmpeg with the platform's package manager (a minute or two)",
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
  if (aptGet === undefined) throw new Error('neither apt-get nor brew is here');
  const update = { path: aptGet, args: ['update'] };
  const install = { path: aptGet, args: ['install', '-y', '--no-install-recommends', 'ffmpeg'] };
  return Promise.all([update, install].map((command) => asRoot(command, searchPath)));
}

/** The command as it runs as root without a password. */
async function asRoot(command: Command, searchPath: string): Promise<Command> {
  if (process.getuid?.() === 0) return command;
  const sudo = await findOnPath('sudo', searchPath);
  if (sudo === undefined) throw new Error('apt-get needs root, and there is no sudo');
  const { exitCode } = await execa(sudo, ['-n', 'true'], { reject: false, stdin: 'ignore' });
  if (exitCode !== 0) throw new Error('apt-get needs root, and sudo asks for a password');
  return { path: sudo, args: ['-n', command.path, ...command.args] };
}
