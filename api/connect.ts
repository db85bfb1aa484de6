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
import { connectIndexedClient, connectStores, TEMPORAL } from '../runtime/connect-servers.js';
import { TRY_MS } from '../runtime/wait-for.js';
import type { Pings } from '../runtime/watch-servers.js';
import type { ApiContext, ApiServices } from './context.js';
import { followMlflow } from './follow-mlflow.js';
import { startImages } from './images/index.js';
import { createStorageMeter } from './storage/storage-meter.js';

/** Services with health checks of their servers and a way to close the connections. */
export interface ConnectedServices extends ApiServices {
  readonly pings: Pings;
  close(): Promise<void>;
}

/** Waits for all servers and connects to them. */
export async function connectServices({
  config,
  metrics,
  folder,
  logger,
  readiness,
}: Pick<
  ApiContext,
  'config' | 'logger' | 'readiness' | 'metrics' | 'folder'
>): Promise<ConnectedServices> {
  const { answerMs, retryMs } = config.timing;
  const apiProcess = { logger, readiness, retryMs };
  const [stores, { client: temporal }] = await Promise.all([
    connectStores(config, apiProcess, answerMs),
    connectIndexedClient(config, apiProcess, answerMs),
  ]);
  const { objects, documents } = stores;
  const followed = followMlflow({ config, models: stores.models, logger, metrics });
  const { models } = followed;
  const images = await startImages({
    ...{ config, logger, metrics, objects, models },
    ...{ keptImages: documents.keptImages, experiments: documents.experiments },
    answerMs,
  });
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
    await images.close();
    await followed.close();
    await documents.close();
    await temporal.connection.close();
  };
  return { client, objects, partUploads, documents, models, images, storage, pings, close };
}
