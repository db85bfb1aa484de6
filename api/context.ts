import type { VidetteClient } from '../client/index.js';
import type { Config } from '../config.js';
import type { DocumentStore, ModelRegistry, ObjectStore, PartUploads } from '../domain/ports.js';
import type { Logger } from '../workers/logger.js';
import type { Readiness } from '../workers/readiness.js';
import type { Images } from './images/index.js';
import type { Metrics } from './metrics.js';
import { ProblemError } from './problem.js';

/** What routes work with once the servers answer. */
export interface Services {
  readonly client: VidetteClient;
  readonly objects: ObjectStore;
  readonly partUploads: PartUploads;
  readonly documents: DocumentStore;
  readonly models: ModelRegistry;
  readonly images: Images;
}

/** What the HTTP server has from its first moment on. */
export interface ApiContext {
  readonly config: Config;
  readonly logger: Logger;
  readonly readiness: Readiness;
  readonly metrics: Metrics;
  /** @throws ProblemError `not-ready` while a server that is needed does not answer. */
  readonly services: () => Services;
}

/** A context whose services come later. */
export function createContext(own: Omit<ApiContext, 'services'>): {
  readonly context: ApiContext;
  readonly provide: (services: Services) => void;
} {
  let provided: Services | undefined;
  const services = () => {
    if (provided) return provided;
    const state = own.readiness.state();
    throw new ProblemError('not-ready', `The API ${state.ready ? 'is starting' : state.reason}.`);
  };
  return {
    context: { ...own, services },
    provide: (services) => {
      provided = services;
    },
  };
}
