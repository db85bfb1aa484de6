import { alertStoreContract } from '../test/contracts/alert-store.js';
import { datasetStoreContract } from '../test/contracts/dataset-store.js';
import { documentStoreContract } from '../test/contracts/document-store.js';
import { experimentStoreContract } from '../test/contracts/experiment-store.js';
import { frameFeedbackContract } from '../test/contracts/frame-feedback.js';
import { importedFeedbackContract } from '../test/contracts/imported-feedback.js';
import { keptImagesContract } from '../test/contracts/kept-images.js';
import { libraryVideoStoreContract } from '../test/contracts/library-video-store.js';
import { modelRegistryContract } from '../test/contracts/model-registry.js';
import { objectStoreContract } from '../test/contracts/object-store.js';
import { scenarioStoreContract } from '../test/contracts/scenario-store.js';
import { scratchContract } from '../test/contracts/scratch.js';
import { sightingStoreContract } from '../test/contracts/sighting-store.js';
import { streamEventStoreContract } from '../test/contracts/stream-event-store.js';
import { CONTRACT_VIDEO, videoToolsContract } from '../test/contracts/video-tools.js';
import { createFakeVideoTools, writeFakeVideo } from '../test/support/fake-video-tools.js';
import { createMemoryAlerts } from '../test/support/memory-alerts.js';
import { createMemoryDocumentStore } from '../test/support/memory-document-store.js';
import { createMemoryKeptImages } from '../test/support/memory-kept-images.js';
import { createMemoryObjectStore } from '../test/support/memory-object-store.js';
import { createMemoryStreamEvents } from '../test/support/memory-stream-events.js';
import { createScratch } from './scratch/scratch-folder.js';

// Fakes of unit tests, and adapters that need no server; the other adapters run the same suites in
// test/faults/contracts.test.ts and test/media/video-tools.test.ts.
objectStoreContract('the memory store', createMemoryObjectStore);
documentStoreContract('the memory store', createMemoryDocumentStore);
scenarioStoreContract('the memory store', createMemoryDocumentStore);
streamEventStoreContract('the memory store', createMemoryStreamEvents);
alertStoreContract('the memory store', createMemoryAlerts);
frameFeedbackContract('the memory store', createMemoryDocumentStore);
sightingStoreContract('the memory store', createMemoryDocumentStore);
libraryVideoStoreContract('the memory store', createMemoryDocumentStore);
experimentStoreContract('the memory store', createMemoryDocumentStore);
keptImagesContract('the memory store', createMemoryKeptImages);
importedFeedbackContract('the memory store', () => createMemoryDocumentStore().importedFeedback);
datasetStoreContract('the memory store', createMemoryObjectStore);
modelRegistryContract('the memory store', createMemoryObjectStore);
scratchContract('a local folder', createScratch);
videoToolsContract(
  'the fake',
  () => Promise.resolve(createFakeVideoTools()),
  (path) => writeFakeVideo(path, CONTRACT_VIDEO),
);
