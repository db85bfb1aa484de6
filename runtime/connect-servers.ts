import { NativeConnection } from '@temporalio/worker';
import { createDocumentStore } from '../adapters/store/mongo-document-store.js';
import { createObjectStore } from '../adapters/store/minio-object-store.js';
import { createModelRegistry } from '../adapters/store/model-registry.js';
import {
  type ClientOptions,
  connectClient,
  connectionOptions,
} from '../adapters/temporal/connection.js';
import { workerConverter } from '../adapters/temporal/data-converter.js';
import { pingTemporal } from '../adapters/temporal/ping.js';
import { ensureSearchAttributes } from '../adapters/temporal/search-attributes.js';
import type { Config } from '../config/index.js';
import { DOCUMENT_STORE, OBJECT_STORE, TEMPORAL } from './server-names.js';
import { TRY_MS, waitFor } from './wait-for.js';
import type { Pings } from './watch-servers.js';
import type { WorkerProcess } from './worker-process.js';

export type Stores = ReturnType<typeof openStores>;

/**
 * Opens both stores without waiting for them.
 * @param timeoutMs timeout for a reply, in milliseconds; default: none, because activities have
 *   timeouts.
 */
export function openStores(config: Config, timeoutMs?: number) {
  const objects = createObjectStore({ ...config.objectStore, idleTimeoutMs: timeoutMs });
  const documents = createDocumentStore(config.documentStore.uri, timeoutMs);
  const pings: Pings = {
    [OBJECT_STORE]: () => objects.ping(),
    [DOCUMENT_STORE]: () => documents.ping(),
  };
  return { objects, documents, models: createModelRegistry(objects), pings };
}

/** Connects to both stores; resolves when they reply. */
export async function connectStores(config: Config, worker: WorkerProcess): Promise<Stores> {
  const stores = openStores(config);
  await waitForStores(stores, worker);
  return stores;
}

/** Resolves when both stores reply. */
export async function waitForStores({ pings }: Stores, worker: WorkerProcess): Promise<void> {
  const each = Object.entries(pings).map(([server, ping]) => waitFor(worker, server, ping));
  await Promise.all(each);
}

/** Connects a worker to Temporal; resolves when the server replies. */
export async function connectTemporal({ temporal }: Config, worker: WorkerProcess) {
  // Not retried: wrong settings do not improve with time.
  const options = await connectionOptions(temporal);
  const dataConverter = await workerConverter(temporal);
  const connection = await waitFor(worker, TEMPORAL, () => NativeConnection.connect(options));
  const { namespace } = temporal;
  const pings: Pings = { [TEMPORAL]: () => pingTemporal(connection, namespace, TRY_MS) };
  return { connection, dataConverter, pings };
}

/** Connects a client to Temporal; resolves when the server has the search attributes of jobs. */
export async function connectIndexedClient(
  { temporal }: Config,
  worker: WorkerProcess,
  options: ClientOptions = {},
): ReturnType<typeof connectClient> {
  await connectionOptions(temporal);
  return waitFor(worker, TEMPORAL, async () => {
    const connected = await connectClient(temporal, { connectTimeout: TRY_MS, ...options });
    try {
      await ensureSearchAttributes(connected.connection, temporal.namespace);
      return connected;
    } catch (error) {
      await connected.connection.close();
      throw error;
    }
  });
}
