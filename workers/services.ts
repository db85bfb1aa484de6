import { createDocumentStore } from '../adapters/store/mongo-document-store.js';
import { createObjectStore } from '../adapters/store/minio-object-store.js';
import { createModelRegistry } from '../adapters/store/model-registry.js';
import type { Config } from '../config.js';
import { waitFor } from './wait-for.js';
import type { WorkerProcess } from './worker-process.js';

/** Both stores, once they answer. */
export async function connectStores(config: Config, own: WorkerProcess) {
  const { logger } = own;
  const objects = createObjectStore(config.objectStore);
  await waitFor(own, 'object store', () => objects.ping());
  const documents = createDocumentStore(config.documentStore.uri, ({ connected, reason }) => {
    if (connected) logger.info({ server: 'document store' }, 'connection made');
    else logger.warn({ server: 'document store', reason }, 'connection lost');
  });
  await waitFor(own, 'document store', () => documents.ping());
  return { objects, documents, models: createModelRegistry(objects) };
}
