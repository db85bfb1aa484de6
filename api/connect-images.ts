import { join } from 'node:path';
import { createModelFiles } from '../adapters/store/model-file-cache.js';
import { createPredictionLog } from '../adapters/store/mongo-prediction-log.js';
import { environmentWithoutSecrets } from '../config/secrets.js';
import type { DocumentStore } from '../domain/ports/document-store.js';
import type { ModelRegistry } from '../domain/ports/model-registry.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import { linkToParent } from '../platform/parent-death.js';
import type { ApiContext } from './context.js';
import { startExperiments } from './experiments/index.js';
import { createShadowLane } from './experiments/shadow-lane.js';
import { createDeferredLog } from './images/deferred-log.js';
import { LANE } from './images/image-lanes.js';
import { type Images, startImages } from './images/index.js';
import { createImageKeeper } from './images/keep-image.js';

export interface ConnectImagesDeps extends Pick<ApiContext, 'config' | 'logger' | 'metrics'> {
  readonly objects: ObjectStore;
  readonly documents: Pick<DocumentStore, 'keptImages' | 'experiments'>;
  readonly models: Pick<ModelRegistry, 'resolve'>;
}

/** Starts images whose log, files and experiments are in stores, which may be unavailable. */
export async function connectImages(deps: ConnectImagesDeps): Promise<Images> {
  const { config, logger, metrics, objects, documents, models } = deps;
  const { answerMs, cacheMs, retryMs } = config.timing;
  const wrapper = await linkToParent('KILL');
  const files = createModelFiles(objects, models, join(config.scratchDir, 'models'));
  const store = createPredictionLog(config.documentStore.uri, answerMs);
  const { keepDays: days } = config.images;
  return startImages({
    ...{ config, logger, metrics, models, files, wrapper },
    log: createDeferredLog({ store, metrics, logger, retryMs }),
    keep: createImageKeeper({ objects, images: documents.keptImages, days, metrics, logger }),
    experiments: startExperiments({
      ...{ experiments: documents.experiments, files, lanes: config.images.lanes },
      ...{ metrics, logger, everyMs: cacheMs },
      shadowLane: createShadowLane({
        ...{ entry: LANE, wrapper, env: environmentWithoutSecrets(), logger },
        timeoutMs: config.laneTimeoutMs,
      }),
    }),
  });
}
