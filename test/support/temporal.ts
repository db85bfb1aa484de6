import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { createObjectStore } from '../../adapters/store/minio-object-store.js';
import { connectClient } from '../../adapters/temporal/connection.js';
import { readConfig } from '../../config/index.js';
import { startServers } from '../../stack/index.js';
import { createJobs, type TestJobs } from './jobs.js';

/** Real servers for a test that brings its own workers, in its own process. */
export interface TestTemporal {
  readonly client: Client;
  readonly connection: NativeConnection;
  readonly jobs: TestJobs;
  close(): Promise<void>;
}

/** Starts servers in a folder and on ports of their own. */
export async function startTemporal(): Promise<TestTemporal> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const folder = await mkdtemp(join(tmpdir(), 'vidette-temporal-'));
  const config = { ...readConfig(), dataDir: folder, scratchDir: join(folder, 'scratch') };
  const servers = await startServers({ config, onStep: () => undefined });
  const { temporal, objectStore } = readConfig(servers.settings);
  const { client, connection: clientConnection } = await connectClient(temporal);
  const connection = await NativeConnection.connect({ address: temporal.address });
  return {
    client,
    connection,
    jobs: createJobs(client, createObjectStore(objectStore)),
    close: async () => {
      try {
        await clientConnection.close();
        await connection.close();
      } finally {
        // A worker that hangs on to its connection must not keep the servers alive.
        await servers.stop();
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}
