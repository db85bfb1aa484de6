export { createDatasetStore } from './dataset-store.js';
export { createObjectStore } from './minio-object-store.js';
export { createPartUploads } from './minio-part-uploads.js';
export { createModelRegistry } from './model-registry.js';
export { createDocumentStore } from './mongo-document-store.js';
export type { ObjectStoreSettings } from './s3-settings.js';
