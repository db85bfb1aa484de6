import type { VidetteClient } from '../client/index.js';
import type { Config } from '../config/index.js';
import type { ApiKeyStore, DocumentStore } from '../domain/ports/document-store.js';
import type { FollowedModels, FollowedReader } from '../domain/ports/followed-models.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import type { PartUploads } from '../domain/ports/part-uploads.js';
import type { Logger } from '../runtime/logger.js';
import type { Readiness } from '../runtime/readiness.js';
import type { Tracing } from '../runtime/tracing/tracing.js';
import type { Images } from './images/index.js';
import type { StorageMeter } from './storage/storage-meter.js';
import type { Metrics } from './metrics/index.js';
import { ProblemError } from './http/problem.js';

/** What single images need: a model on this host, and a place for their log. */
export interface ImageServices {
  readonly images: Images;
  readonly models: FollowedReader;
  readonly apiKeys: Pick<ApiKeyStore, 'find' | 'list'>;
}

/** Services that routes use once the servers respond. */
export interface ApiServices {
  readonly client: VidetteClient;
  readonly objects: ObjectStore;
  readonly partUploads: PartUploads;
  readonly documents: DocumentStore;
  readonly models: FollowedModels;
  readonly storage: StorageMeter;
}

/** Context of the HTTP server, available from its start. */
export interface ApiContext {
  readonly config: Config;
  readonly logger: Logger;
  readonly readiness: Readiness;
  readonly metrics: Metrics;
  /** Undefined if no traces are sent. */
  readonly tracing?: Tracing | undefined;
  /** Folder of this process for files of requests. */
  readonly folder: string;
  /** Aborted when the process is asked to stop: endless responses end with it. */
  readonly stopping: AbortSignal;
  /**
   * @throws ProblemError `not-ready` until all required servers have responded, and `not-in-role` in
   * the role `images`, which has none.
   */
  readonly services: () => ApiServices;
  /** The services; undefined until all required servers have responded once. */
  readonly provided: () => ApiServices | undefined;
  /** @throws ProblemError `not-ready` until images are set up. */
  readonly imageServices: () => ImageServices;
  /** The services of images; undefined until they are set up. */
  readonly providedImages: () => ImageServices | undefined;
}

/** Fields of a context that are known from its start. */
export type ContextFields = Omit<
  ApiContext,
  'services' | 'provided' | 'imageServices' | 'providedImages'
>;

/** Creates a context whose services are provided later. */
export function createContext(fields: ContextFields): {
  readonly context: ApiContext;
  readonly provide: (services: ApiServices) => void;
  readonly provideImages: (services: ImageServices) => void;
} {
  let provided: ApiServices | undefined;
  let images: ImageServices | undefined;
  const { role } = fields.config.api;
  return {
    context: {
      ...fields,
      services: () => provided ?? fail(role === 'images' ? notInRole() : notReady(fields)),
      provided: () => provided,
      imageServices: () => images ?? fail(notReady(fields)),
      providedImages: () => images,
    },
    provide: (services) => {
      provided = services;
    },
    provideImages: (services) => {
      images = services;
    },
  };
}

function fail(error: Error): never {
  throw error;
}

function notReady({ readiness }: Pick<ContextFields, 'readiness'>): ProblemError {
  const state = readiness.state();
  const reason = state.ready ? 'it is starting' : state.reason;
  return new ProblemError('not-ready', `The API is not ready: ${reason}. Try again soon.`);
}

function notInRole(): ProblemError {
  return new ProblemError(
    'not-in-role',
    'This process serves single images only (role images): Temporal, the object store and the document store are not configured. Send this request to an API with all routes (node dist/api/main.js).',
  );
}
