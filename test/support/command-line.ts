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

/** Output and exit code of a finished command. */
export interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  /** Absent if a signal ended the command. */
  readonly exitCode?: number;
}

/** The compiled command line with a separate data folder and separate ports. */
export interface CommandLine {
  readonly folder: string;
  readonly dataDir: string;
  /** The whole environment of its commands. */
  readonly env: NodeJS.ProcessEnv;
  run(...args: string[]): Promise<Ended>;
  /** Runs a command, which must succeed, and returns the JSON that it prints. */
  json(...args: string[]): Promise<unknown>;
  /** Stops all running processes and removes the folder. */
  close(): Promise<void>;
}

const MAIN = 'dist/cli/main.js';
/** Settings of servers outside the test, which must not be used here. */
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
  const stackVariables = {
    VIDETTE_DATA_DIR: dataDir,
    VIDETTE_MODELS_DIR: modelsDir,
    VIDETTE_LANES: '2',
  };
  const env = { ...ownEnvironment(), ...ELSEWHERE, ...stackVariables, ...variables };
  const run = (...args: string[]): Promise<Ended> =>
    execa(process.execPath, [projectFile(MAIN), ...args], {
      ...{ cwd: folder, env, extendEnv: false, reject: false, stdin: 'ignore' },
    });
  return {
    folder,
    dataDir,
    env,
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

/** Runs a command on the servers of a stack and returns the JSON that it prints. */
export async function commandOn(
  stack: Pick<ConnectedStack, 'settings' | 'folder'>,
  ...args: string[]
): Promise<unknown> {
  return JSON.parse(await outputOn(stack, '--json', ...args)) as unknown;
}

/** Runs a command on the servers of a stack, which must succeed, and returns what it prints. */
export async function outputOn(
  { settings, folder }: Pick<ConnectedStack, 'settings' | 'folder'>,
  ...args: string[]
): Promise<string> {
  const env = { ...ownEnvironment(), ...settings, VIDETTE_DATA_DIR: folder };
  const { stdout } = await execa(process.execPath, [projectFile(MAIN), ...args], { env });
  return stdout;
}

/** Ports of a test stack; a developer's stack may use the default ones. */
async function ownPorts(): Promise<Record<string, number>> {
  const ports: Record<string, number> = {};
  for (const name of portsSchema.keyof().options) {
    const candidates = Array.from({ length: 64 }, () => randomInt(20_000, 30_000));
    const exclude = Object.values(ports);
    ports[name] = await getPort({ host: '127.0.0.1', port: candidates, exclude });
  }
  return ports;
}
