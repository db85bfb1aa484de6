import { createGuardedDownload } from '../adapters/download/guarded-download.js';
import { createImageDescriber } from '../adapters/image/image-describer.js';
import { createDatasetStore } from '../adapters/store/dataset-store.js';
import { createPartUploads } from '../adapters/store/minio-part-uploads.js';
import { pingTemporal } from '../adapters/temporal/ping.js';
import { createTaskQueues } from '../adapters/temporal/task-queues.js';
import { environmentWithoutSecrets } from '../config/secrets.js';
import { createVidetteClient } from '../client/index.js';
import { readCameraLoads } from '../client/streams/camera-loads.js';
import { classIdsOf } from '../models/class-ids.js';
import type { FollowedModels } from '../domain/ports/followed-models.js';
import {
  connectIndexedClient,
  openStores,
  type Stores,
  waitForStores,
} from '../runtime/connect-servers.js';
import { TEMPORAL } from '../runtime/server-names.js';
import { TRY_MS } from '../runtime/wait-for.js';
import type { Pings } from '../runtime/watch-servers.js';
import { connectImages } from './connect-images.js';
import type { ApiContext, ApiServices, ImageServices } from './context.js';
import { followMlflow } from './follow-mlflow.js';
import { createStorageMeter } from './storage/storage-meter.js';

type ConnectContext = Pick<
  ApiContext,
  'config' | 'logger' | 'readiness' | 'metrics' | 'folder' | 'tracing'
>;

/** Services with health checks of their servers. */
export interface ConnectedServices extends ApiServices {
  readonly pings: Pings;
  close(): Promise<void>;
}

/** Stores, and what images need of them, before any server has replied. */
export interface OpenedServices {
  readonly stores: Stores;
  readonly models: FollowedModels;
  readonly forImages: ImageServices;
  close(): Promise<void>;
}

/** Opens the stores and starts images, which answer once their model is on this host. */
export async function openServices(
  context: Pick<ApiContext, 'config' | 'logger' | 'metrics'>,
): Promise<OpenedServices> {
  const { config, logger, metrics } = context;
  const stores = openStores(config, config.timing.answerMs);
  const { objects, documents } = stores;
  const followed = followMlflow({ config, models: stores.models, logger, metrics });
  const { models } = followed;
  const images = await connectImages({ config, logger, metrics, objects, documents, models });
  return {
    ...{ stores, models },
    forImages: { images, models, apiKeys: documents.apiKeys },
    close: async () => {
      await images.close();
      await followed.close();
      await documents.close();
    },
  };
}

/** Waits for all servers and connects to them. */
export async function connectServices(
  { config, metrics, folder, logger, readiness, tracing }: ConnectContext,
  { stores, models, forImages: { images } }: OpenedServices,
): Promise<ConnectedServices> {
  const { answerMs, retryMs } = config.timing;
  const apiProcess = { logger, readiness, retryMs };
  const { objects, documents } = stores;
  const [{ client: temporal }] = await Promise.all([
    connectIndexedClient(config, apiProcess, {
      requestTimeoutMs: answerMs,
      interceptors: tracing?.clientInterceptors,
    }),
    waitForStores(stores, apiProcess),
  ]);
  await images.log.ensureIndexes();
  const describer = createImageDescriber({ env: environmentWithoutSecrets() });
  const client = createVidetteClient({
    ...{ temporal, objects, models, documents },
    describeImage: describer.describe,
    datasets: createDatasetStore(objects),
    checkClasses: classIdsOf,
    checkModel: images.check,
    imageLanes: config.images.lanes,
    servedModel: { spec: config.images.classifier ?? config.model },
    download: createGuardedDownload(config.download),
    tempDir: folder,
    cameraKey: config.streams.cameraKey,
    defaultFps: config.streams.fps,
    ...(config.model !== undefined && { defaultModel: config.model }),
  });
  const queues = createTaskQueues(temporal);
  metrics.watchQueues({
    state: (queue) => temporal.withDeadline(Date.now() + TRY_MS, () => queues.state(queue)),
  });
  metrics.watchCameras(() =>
    temporal.withDeadline(Date.now() + TRY_MS, () => readCameraLoads(temporal)),
  );
  const { namespace } = config.temporal;
  const pings = {
    ...stores.pings,
    [TEMPORAL]: () => pingTemporal(temporal.connection, namespace, TRY_MS),
  };
  const partUploads = createPartUploads(
    { ...config.objectStore, idleTimeoutMs: answerMs },
    config.upload.publicEndpoint,
  );
  const storage = createStorageMeter(objects, logger);
  const close = async () => {
    describer.close();
    await temporal.connection.close();
  };
  return { client, objects, partUploads, documents, models, storage, pings, close };
}
