import { join } from 'node:path';
import { createGuardedDownload } from '../adapters/download/guarded-download.js';
import { createImageDescriber } from '../adapters/image/image-describer.js';
import { createDatasetStore } from '../adapters/store/dataset-store.js';
import { createObjectStore } from '../adapters/store/minio-object-store.js';
import { createModelRegistry } from '../adapters/store/model-registry.js';
import { createDocumentStore } from '../adapters/store/mongo-document-store.js';
import { connectClient } from '../adapters/temporal/connection.js';
import { type Config, ownEnvironment, readConfig } from '../config/index.js';
import { environmentWithoutSecrets } from '../config/secrets.js';
import { AppError } from '../domain/errors.js';
import type { DocumentStore } from '../domain/ports/document-store.js';
import type { ModelRegistry } from '../domain/ports/model-registry.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import { classIdsOf } from '../models/class-ids.js';
import { stackSettings } from '../stack/index.js';
import { followMlflow } from './models/follow-mlflow.js';
import { createVidetteClient, type VidetteClient } from '../client/index.js';

/** A client and its dependencies. */
export interface Connected {
  readonly client: VidetteClient;
  readonly objects: ObjectStore;
  readonly documents: DocumentStore;
  readonly models: ModelRegistry;
  readonly config: Config;
}

/** Returns the settings of {@link findServers}. @throws AppError `STACK_NOT_RUNNING` if it finds none. */
export async function settingsInUse(config: Config): Promise<Config> {
  const servers = await findServers(config);
  if (servers) return servers;
  throw new AppError(
    'STACK_NOT_RUNNING',
    `No stack is running on ${config.dataDir}. Start one with "vidette up", or set TEMPORAL_ADDRESS, MINIO_ENDPOINT, MINIO_ACCESS_KEY, MINIO_SECRET_KEY and MONGO_URI to use other servers.`,
  );
}

/**
 * Returns the settings of the servers that commands use: those of the environment if it sets
 * TEMPORAL_ADDRESS, else those of the data folder's running stack, else those of the environment if
 * it has credentials; undefined if there are none.
 * @throws AppError `INVALID_INPUT` if TEMPORAL_ADDRESS is set without credentials.
 */
export async function findServers(config: Config): Promise<Config | undefined> {
  if (!config.namesServers) {
    return (await runningStackConfig(config)) ?? (hasCredentials(config) ? config : undefined);
  }
  if (hasCredentials(config)) return config;
  throw new AppError(
    'INVALID_INPUT',
    `TEMPORAL_ADDRESS selects the servers of ${config.temporal.address}, but MINIO_ACCESS_KEY and MINIO_SECRET_KEY are not set. Set them, with MINIO_ENDPOINT and MONGO_URI, or unset TEMPORAL_ADDRESS to use the local stack.`,
  );
}

/** Whether the environment has credentials of an object store. */
function hasCredentials({ objectStore }: Config): boolean {
  return objectStore.accessKey !== undefined && objectStore.secretKey !== undefined;
}

/** Returns the settings of the data folder's stack; undefined if it is not running. */
export async function runningStackConfig(config: Config): Promise<Config | undefined> {
  const settings = await stackSettings(config);
  return settings && readConfig({ ...ownEnvironment(), ...settings });
}

/** Runs `work` with a client and closes its connections. */
export async function withClient<T>(
  config: Config,
  work: (connected: Connected) => Promise<T>,
): Promise<T> {
  const { client: temporal, connection } = await connectClient(config.temporal);
  const documents = createDocumentStore(config.documentStore.uri);
  const describer = createImageDescriber({ env: environmentWithoutSecrets() });
  const objects = createObjectStore(config.objectStore);
  const catalogue = followMlflow(config, createModelRegistry(objects));
  const { models } = catalogue;
  try {
    const client = createVidetteClient({
      ...{ temporal, objects, models, documents },
      describeImage: describer.describe,
      datasets: createDatasetStore(objects),
      checkClasses: classIdsOf,
      checkModel: async (manifest) => {
        const { checkModel } = await import('./models/check-model.js');
        await checkModel(config, manifest);
      },
      imageLanes: config.images.lanes,
      download: createGuardedDownload(config.download),
      tempDir: join(config.dataDir, 'downloads'),
      defaultModel: config.model,
      cameraKey: config.streams.cameraKey,
      defaultFps: config.streams.fps,
    });
    return await work({ client, objects, documents, models, config });
  } finally {
    describer.close();
    await catalogue.close();
    await documents.close();
    await connection.close();
  }
}
