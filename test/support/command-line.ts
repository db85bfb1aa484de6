import { randomInt } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import getPort from 'get-port';
import { ownEnvironment } from '../../config/index.js';
import { projectFile } from '../../platform/package-root.js';
import { portsSchema } from '../../stack/supervisor/stack-plan.js';
import type { ConnectedStack } from './connected-stack.js';

/** What a command that has ended printed, and its exit code. */
export interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  /** Absent when a signal ended it. */
  readonly exitCode?: number;
}

/** The compiled command line with a data folder and ports of its own. */
export interface CommandLine {
  readonly folder: string;
  readonly dataDir: string;
  run(...args: string[]): Promise<Ended>;
  /** The JSON that a command prints, which must end well. */
  json(...args: string[]): Promise<unknown>;
  /** Stops what still runs and removes the folder. */
  close(): Promise<void>;
}

const MAIN = 'dist/cli/main.js';
/** Servers of others, which must not be used here. */
const ELSEWHERE = {
  TEMPORAL_ADDRESS: undefined,
  MINIO_ENDPOINT: undefined,
  MINIO_ACCESS_KEY: undefined,
  MINIO_SECRET_KEY: undefined,
  MONGO_URI: undefined,
  VIDETTE_SCRATCH_DIR: undefined,
};

export async function createCommandLine(
  modelsDir: string,
  variables: NodeJS.ProcessEnv = {},
): Promise<CommandLine> {
  const folder = await mkdtemp(join(tmpdir(), 'vidette-cli-'));
  const dataDir = join(folder, 'data');
  await mkdir(dataDir);
  await writeFile(join(dataDir, 'ports.json'), JSON.stringify(await ownPorts()));
  const own = { VIDETTE_DATA_DIR: dataDir, VIDETTE_MODELS_DIR: modelsDir, VIDETTE_LANES: '2' };
  const env = { ...ownEnvironment(), ...ELSEWHERE, ...own, ...variables };
  const run = (...args: string[]): Promise<Ended> =>
    execa(process.execPath, [projectFile(MAIN), ...args], {
      ...{ cwd: folder, env, extendEnv: false, reject: false, stdin: 'ignore' },
    });
  return {
    folder,
    dataDir,
    run,
    json: async (...args) => {
      const { stdout, stderr, exitCode } = await run(...args, '--json');
      if (exitCode === 0) return JSON.parse(stdout) as unknown;
      throw new Error(`vidette ${args.join(' ')} ended with ${exitCode}: ${stderr}`);
    },
    close: async () => {
      await run('down');
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** The JSON that a command of the compiled command line prints on the servers of a stack. */
export async function commandOn(
  { settings, folder }: Pick<ConnectedStack, 'settings' | 'folder'>,
  ...args: string[]
): Promise<unknown> {
  const env = { ...ownEnvironment(), ...settings, VIDETTE_DATA_DIR: folder };
  const { stdout } = await execa(process.execPath, [projectFile(MAIN), '--json', ...args], { env });
  return JSON.parse(stdout) as unknown;
}

/** Ports that a stack takes instead of the well-known ones, which a person's stack may have. */
async function ownPorts(): Promise<Record<string, number>> {
  const ports: Record<string, number> = {};
  for (const name of portsSchema.keyof().options) {
    const candidates = Array.from({ length: 64 }, () => randomInt(20_000, 30_000));
    const exclude = Object.values(ports);
    ports[name] = await getPort({ host: '127.0.0.1', port: candidates, exclude });
  }
  return ports;
}
