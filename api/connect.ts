import { join } from 'node:path';
import { createGuardedDownload } from '../adapters/download/guarded-download.js';
import { createPartUploads } from '../adapters/store/minio-part-uploads.js';
import { connectClient } from '../adapters/temporal/connection.js';
import { createVidetteClient } from '../client/index.js';
import { classIdsOf } from '../models/class-ids.js';
import { connectStores } from '../workers/services.js';
import { waitFor } from '../workers/wait-for.js';
import type { ApiContext, Services } from './context.js';
import { startImages } from './images/index.js';

/** Services with the way to end their connections. */
export interface ConnectedServices extends Services {
  close(): Promise<void>;
}

/** Waits for all servers, and connects to them. */
export async function connectServices({
  config,
  logger,
  readiness,
  metrics,
}: Pick<ApiContext, 'config' | 'logger' | 'readiness' | 'metrics'>): Promise<ConnectedServices> {
  const own = { logger, readiness };
  const { objects, documents, models } = await connectStores(config, own);
  const { client: temporal, connection } = await waitFor(own, 'Temporal', () =>
    connectClient(config.temporal),
  );
  const client = createVidetteClient({
    ...{ temporal, objects, models, documents },
    checkClasses: classIdsOf,
    download: createGuardedDownload(config.download),
    tempDir: join(config.scratchDir, 'api'),
    ...(config.model !== undefined && { defaultModel: config.model }),
  });
  const partUploads = createPartUploads(config.objectStore, config.upload.publicEndpoint);
  const images = await startImages({ config, logger, metrics, objects, models });
  const close = async () => {
    await images.close();
    await documents.close();
    await connection.close();
  };
  return { client, objects, partUploads, documents, models, images, close };
}
