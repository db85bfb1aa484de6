import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { createObjectStore } from '../../adapters/store/minio-object-store.js';
import { createDocumentStore } from '../../adapters/store/mongo-document-store.js';
import { readConfig } from '../../config/index.js';
import { startServers } from '../../stack/index.js';
import { alertStoreContract } from '../contracts/alert-store.js';
import { datasetStoreContract } from '../contracts/dataset-store.js';
import { documentStoreContract } from '../contracts/document-store.js';
import { experimentStoreContract } from '../contracts/experiment-store.js';
import { frameFeedbackContract } from '../contracts/frame-feedback.js';
import { importedFeedbackContract } from '../contracts/imported-feedback.js';
import { keptImagesContract } from '../contracts/kept-images.js';
import { libraryVideoStoreContract } from '../contracts/library-video-store.js';
import { modelRegistryContract } from '../contracts/model-registry.js';
import { objectStoreContract } from '../contracts/object-store.js';
import { scenarioStoreContract } from '../contracts/scenario-store.js';
import { sightingStoreContract } from '../contracts/sighting-store.js';
import { streamEventStoreContract } from '../contracts/stream-event-store.js';

let folder: string;
let servers: Awaited<ReturnType<typeof startServers>>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-contracts-'));
  const config = { ...readConfig(), dataDir: folder, scratchDir: join(folder, 'scratch') };
  servers = await startServers({ config, onStep: () => undefined });
});
afterAll(async () => {
  await servers?.stop();
  await rm(folder, { recursive: true, force: true });
});

const createObjects = () => createObjectStore(readConfig(servers.settings).objectStore);
const createDocuments = () => createDocumentStore(readConfig(servers.settings).documentStore.uri);

objectStoreContract('the S3 server', createObjects);
documentStoreContract('the MongoDB server', createDocuments);
scenarioStoreContract('the MongoDB server', createDocuments);
streamEventStoreContract('the MongoDB server', () => createDocuments().streamEvents);
alertStoreContract('the MongoDB server', () => createDocuments().alerts);
frameFeedbackContract('the MongoDB server', createDocuments);
sightingStoreContract('the MongoDB server', createDocuments);
libraryVideoStoreContract('the MongoDB server', createDocuments);
experimentStoreContract('the MongoDB server', createDocuments);
keptImagesContract('the MongoDB server', () => createDocuments().keptImages);
importedFeedbackContract('the MongoDB server', () => createDocuments().importedFeedback);
datasetStoreContract('the S3 server', createObjects);
modelRegistryContract('the S3 server', createObjects);
