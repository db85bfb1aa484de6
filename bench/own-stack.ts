import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { createObjectStore } from '../adapters/store/minio-object-store.js';
import { connectClient } from '../adapters/temporal/connection.js';
import { ownEnvironment, readConfig } from '../config/index.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import { downStack, type Settings, stackSettings, upStack } from '../stack/index.js';

const INTERRUPTED_EXIT = 130;

/** Servers and workers of a benchmark. */
export interface OwnStack {
  readonly client: Client;
  readonly objects: ObjectStore;
  readonly pids: readonly number[];
  readonly scratchDir: string;
  /** Address of its HTTP API. */
  readonly apiUrl: string;
  /** What a process needs to talk to its servers. */
  readonly settings: Settings;
}

/** Runs work with a stack of its own, in a folder that goes when the work ends; `variables` are its workers'. */
export async function withOwnStack(
  say: (message: string) => void,
  work: (stack: OwnStack) => Promise<void>,
  variables: Settings = {},
): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'vidette-bench-'));
  const own = readConfig({ ...ownEnvironment(), ...variables, VIDETTE_DATA_DIR: dataDir });
  const end = async () => {
    await downStack({ config: own });
    await rm(dataDir, { recursive: true, force: true });
  };
  // The stack is no child of this process and would go on without it.
  const interrupt = () => void end().then(() => process.exit(INTERRUPTED_EXIT));
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    const status = await upStack({ config: own, onStep: say, variables });
    const settings = { ...variables, ...(await stackSettings(own)) };
    const config = readConfig({ ...ownEnvironment(), ...settings });
    const { client, connection } = await connectClient(config.temporal);
    const pids = Object.values(status).flatMap(({ pid }) => pid ?? []);
    const objects = createObjectStore(config.objectStore);
    const apiUrl = status.api.ui ?? '';
    await work({ client, objects, pids, scratchDir: config.scratchDir, apiUrl, settings });
    await connection.close();
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    await end();
  }
}
