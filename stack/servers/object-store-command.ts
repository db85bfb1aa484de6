import type { Service } from '../supervisor/service.js';

/** Path of the health check, which no bucket can have: MinIO's. */
export const HEALTH_PATH = '/minio/health/ready';

/** Parts of the service that depend on the kind of object store. */
export type ObjectStoreCommand = Pick<Service, 'args' | 'env' | 'beforeStart'>;
