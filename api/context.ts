import type { VidetteClient } from '../client/index.js';
import type { Config } from '../config/index.js';
import type { DocumentStore } from '../domain/ports/document-store.js';
import type { FollowedModels } from '../domain/ports/followed-models.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import type { PartUploads } from '../domain/ports/part-uploads.js';
import type { Logger } from '../runtime/logger.js';
import type { Readiness } from '../runtime/readiness.js';
import type { Images } from './images/index.js';
import type { StorageMeter } from './storage/storage-meter.js';
import type { Metrics } from './metrics/index.js';
import { ProblemError } from './http/problem.js';

/** Services that routes use once the servers respond. */
export interface ApiServices {
  readonly client: VidetteClient;
  readonly objects: ObjectStore;
  readonly partUploads: PartUploads;
  readonly documents: DocumentStore;
  readonly models: FollowedModels;
  readonly images: Images;
  readonly storage: StorageMeter;
}

/** Context of the HTTP server, available from its start. */
export interface ApiContext {
  readonly config: Config;
  readonly logger: Logger;
  readonly readiness: Readiness;
  readonly metrics: Metrics;
  /** Folder of this process for files of requests. */
  readonly folder: string;
  /** Aborted when the process is asked to stop: endless responses end with it. */
  readonly stopping: AbortSignal;
  /** @throws ProblemError `not-ready` until all required servers have responded. */
  readonly services: () => ApiServices;
  /** The services; undefined until all required servers have responded once. */
  readonly provided: () => ApiServices | undefined;
}

/** Creates a context whose services are provided later. */
export function createContext(fields: Omit<ApiContext, 'services' | 'provided'>): {
  readonly context: ApiContext;
  readonly provide: (services: ApiServices) => void;
} {
  let provided: ApiServices | undefined;
  const services = () => {
    if (provided) return provided;
    const state = fields.readiness.state();
    const reason = state.ready ? 'it is starting' : state.reason;
    throw new ProblemError('not-ready', `The API is not ready: ${reason}. Try again soon.`);
  };
  return {
    context: { ...fields, services, provided: () => provided },
    provide: (services) => {
      provided = services;
    },
  };
}
