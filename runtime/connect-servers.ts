import type { Client } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { createDocumentStore } from '../adapters/store/mongo-document-store.js';
import { createObjectStore } from '../adapters/store/minio-object-store.js';
import { createModelRegistry } from '../adapters/store/model-registry.js';
import { connectClient, connectionOptions } from '../adapters/temporal/connection.js';
import { workerConverter } from '../adapters/temporal/data-converter.js';
import { pingTemporal } from '../adapters/temporal/ping.js';
import { ensureSearchAttributes } from '../adapters/temporal/search-attributes.js';
import type { Config } from '../config/index.js';
import { TRY_MS, waitFor } from './wait-for.js';
import type { Pings } from './watch-servers.js';
import type { WorkerProcess } from './worker-process.js';

const OBJECT_STORE = 'object store';
const DOCUMENT_STORE = 'document store';
/** How logs and readiness call the server of workflows. */
export const TEMPORAL = 'Temporal';

export type Stores = Awaited<ReturnType<typeof connectStores>>;
export type TemporalLink = Awaited<ReturnType<typeof connectTemporal>>;

/**
 * Both stores, once they answer.
 * @param timeoutMs time to wait for an answer, in milliseconds; default: no limit, because activities
 *   have their own.
 */
export async function connectStores(config: Config, own: WorkerProcess, timeoutMs?: number) {
  const objects = createObjectStore({ ...config.objectStore, idleTimeoutMs: timeoutMs });
  const documents = createDocumentStore(config.documentStore.uri, timeoutMs);
  await Promise.all([
    waitFor(own, OBJECT_STORE, () => objects.ping()),
    waitFor(own, DOCUMENT_STORE, () => documents.ping()),
  ]);
  const pings: Pings = {
    [OBJECT_STORE]: () => objects.ping(),
    [DOCUMENT_STORE]: () => documents.ping(),
  };
  return { objects, documents, models: createModelRegistry(objects), pings };
}

/** The connection that a worker polls over, once the server answers, and what payloads are read with. */
export async function connectTemporal({ temporal }: Config, own: WorkerProcess) {
  // Outside the tries: what is wrong here does not get better by waiting.
  const options = await connectionOptions(temporal);
  const dataConverter = await workerConverter(temporal);
  const connection = await waitFor(own, TEMPORAL, () => NativeConnection.connect(options));
  const { namespace } = temporal;
  const pings: Pings = { [TEMPORAL]: () => pingTemporal(connection, namespace, TRY_MS) };
  return { connection, dataConverter, pings };
}

/**
 * A client of a server that has the search attributes, once it does.
 * @param requestTimeoutMs how long a request may take with its retries; default: without end.
 */
export async function connectIndexedClient(
  { temporal }: Config,
  own: WorkerProcess,
  requestTimeoutMs?: number,
): Promise<Client> {
  await connectionOptions(temporal);
  return waitFor(own, TEMPORAL, async () => {
    const limits = { connectTimeout: TRY_MS, requestTimeoutMs };
    const { client, connection } = await connectClient(temporal, limits);
    try {
      await ensureSearchAttributes(connection, temporal.namespace);
      return client;
    } catch (error) {
      await connection.close();
      throw error;
    }
  });
}
