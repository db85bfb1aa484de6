import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { createObjectStore } from '../adapters/store/minio-object-store.js';
import { connectClient } from '../adapters/temporal/connection.js';
import { type Config, ownEnvironment, readConfig } from '../config/index.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import { downStack, type Settings, stackSettings, stackStatus, upStack } from '../stack/index.js';

const INTERRUPTED_EXIT = 130;

/** Servers and workers of a benchmark. */
export interface OwnStack {
  readonly client: Client;
  readonly objects: ObjectStore;
  readonly pids: readonly number[];
  readonly scratchDir: string;
  /** URL of its HTTP API. */
  readonly apiUrl: string;
  /** Environment variables of a process that connects to its servers. */
  readonly settings: Settings;
  /** Reads the ids of the processes that run now, by service; those of killed ones change. */
  readonly services: () => Promise<Readonly<Record<string, number>>>;
}

/**
 * Runs work with a new stack in a temporary folder, which is deleted afterwards.
 * @param variables environment variables of the workers
 */
export async function withOwnStack(
  onStep: (message: string) => void,
  work: (stack: OwnStack) => Promise<void>,
  variables: Settings = {},
): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'vidette-bench-'));
  const ownConfig = readConfig({ ...ownEnvironment(), ...variables, VIDETTE_DATA_DIR: dataDir });
  const tearDown = async () => {
    await downStack({ config: ownConfig });
    await rm(dataDir, { recursive: true, force: true });
  };
  // The stack is not a child of this process and would continue without it.
  const interrupt = () => void tearDown().then(() => process.exit(INTERRUPTED_EXIT));
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    const options = { preferWellKnownPorts: false, onStep, variables };
    const status = await upStack({ config: ownConfig, ...options });
    const settings = { ...variables, ...(await stackSettings(ownConfig)) };
    const config = readConfig({ ...ownEnvironment(), ...settings });
    const { client, connection } = await connectClient(config.temporal);
    const pids = Object.values(status).flatMap(({ pid }) => pid ?? []);
    const objects = createObjectStore(config.objectStore);
    const apiUrl = status.api.ui ?? '';
    const { scratchDir } = config;
    const services = () => readPids(ownConfig);
    await work({ client, objects, pids, scratchDir, apiUrl, settings, services });
    await connection.close();
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    await tearDown();
  }
}

async function readPids(config: Config): Promise<Readonly<Record<string, number>>> {
  const status = Object.entries(await stackStatus(config));
  return Object.fromEntries(
    status.flatMap(([name, { pid }]) => (pid === null ? [] : [[name, pid]])),
  );
}
