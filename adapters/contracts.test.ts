import { documentStoreContract } from '../test/contracts/document-store.js';
import { modelRegistryContract } from '../test/contracts/model-registry.js';
import { objectStoreContract } from '../test/contracts/object-store.js';
import { scratchContract } from '../test/contracts/scratch.js';
import { CONTRACT_VIDEO, videoToolsContract } from '../test/contracts/video-tools.js';
import { createFakeVideoTools, writeFakeVideo } from '../test/support/fake-video-tools.js';
import { createMemoryDocumentStore } from '../test/support/memory-document-store.js';
import { createMemoryObjectStore } from '../test/support/memory-object-store.js';
import { createScratch } from './scratch/scratch-folder.js';

// Fakes of unit tests, and adapters that need no server; the other adapters run the same suites in
// test/faults/contracts.test.ts and test/media/video-tools.test.ts.
objectStoreContract('the memory store', createMemoryObjectStore);
documentStoreContract('the memory store', createMemoryDocumentStore);
modelRegistryContract('the memory store', createMemoryObjectStore);
scratchContract('a local folder', createScratch);
videoToolsContract(
  'the fake',
  () => Promise.resolve(createFakeVideoTools()),
  (path) => writeFakeVideo(path, CONTRACT_VIDEO),
);
