import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGuardedDownload } from '../../adapters/download/guarded-download.js';
import { createPredictionLog } from '../../adapters/store/mongo-prediction-log.js';
import type { Config } from '../../config/index.js';
import { linkToParent } from '../../platform/parent-death.js';
import { messageOf } from '../../domain/errors.js';
import { type ModelManifest, modelRefOf } from '../../domain/model/model-manifest.js';
import type { PredictionLog } from '../../domain/result/prediction-log.js';
import type { ModelRegistry } from '../../domain/ports/model-registry.js';
import type { KeptImages } from '../../domain/ports/kept-images.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import type { Logger } from '../../runtime/logger.js';
import { createModelFiles } from '../../adapters/store/model-file-cache.js';
import type { Metrics } from '../metrics/index.js';
import { environmentWithoutSecrets } from '../../config/secrets.js';
import type { ExperimentStore } from '../../domain/ports/experiment-store.js';
import { type Experiments, startExperiments } from '../experiments/index.js';
import { createShadowLane } from '../experiments/shadow-lane.js';
import { createImageLanes, type ImageLanes, LANE } from './image-lanes.js';
import { createImageKeeper, type KeepImage } from './keep-image.js';
import { createModelsInUse, type ModelsInUse } from './models-in-use.js';

/** Services for single images. */
export interface Images {
  readonly lanes: ImageLanes;
  readonly models: ModelsInUse;
  readonly log: PredictionLog;
  readonly keep: KeepImage;
  readonly experiments: Experiments;
  /** Runs a model once in a process of its own; rejects if that fails. */
  readonly check: (manifest: ModelManifest) => Promise<void>;
  readonly download: ReturnType<typeof createGuardedDownload>;
  close(): Promise<void>;
}

export interface ImagesDeps {
  readonly config: Config;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly objects: ObjectStore;
  readonly keptImages: KeptImages;
  readonly models: ModelRegistry;
  readonly experiments: ExperimentStore;
  /** Timeout of the document store for one prediction, in milliseconds. */
  readonly answerMs: number;
}

/** Interval between checks whether the models in use have other versions, in milliseconds. */
const REFRESH_MS = 5000;
/** Timeouts of the download of an image, in seconds. */
const DOWNLOAD_S = 30;
const DOWNLOAD_STALL_S = 10;

/** Starts the lanes, which load the model of `POST /predict` once the catalogue has it. */
export async function startImages(deps: ImagesDeps): Promise<Images> {
  const { config, logger, metrics, objects } = deps;
  const files = createModelFiles(objects, deps.models, join(config.scratchDir, 'models'));
  const wrapper = await linkToParent('KILL');
  const lanes = createImageLanes(config, logger, { wrapper });
  const kept = config.images.classifier ?? config.model;
  const models = createModelsInUse({
    ...{ models: deps.models, files, kept, logger },
    prepare: (next, current) => lanes.prepare(next, current),
    onChange: (spec, { manifest }) => {
      if (spec === kept) metrics.using(modelRefOf(manifest));
    },
  });
  const { answerMs } = deps;
  const log = createPredictionLog(config.documentStore.uri, answerMs);
  await log.ensureIndexes();
  metrics.watch(() => lanes.counts);
  const closing = new AbortController();
  void loadFirst({ ...deps, models, lanes }, closing.signal);
  const refreshMs = Math.min(config.timing.cacheMs, REFRESH_MS);
  const refresh = setInterval(() => void models.refresh(), refreshMs);
  const { maxBytes, keepDays: days } = config.images;
  const keep = createImageKeeper({ objects, images: deps.keptImages, days, metrics, logger });
  const experiments = startExperiments({
    ...{ experiments: deps.experiments, files, lanes: config.images.lanes, metrics, logger },
    shadowLane: createShadowLane({
      ...{ entry: LANE, wrapper, env: environmentWithoutSecrets(), logger },
      timeoutMs: config.laneTimeoutMs,
    }),
    everyMs: config.timing.cacheMs,
  });
  const limits = { maxBytes, timeoutS: DOWNLOAD_S, stallS: DOWNLOAD_STALL_S };
  return {
    ...{ lanes, models, log, keep, experiments },
    check: async (manifest) => lanes.check(await files.fetch(modelRefOf(manifest))),
    download: createGuardedDownload({ ...config.download, ...limits }),
    close: async () => {
      closing.abort();
      clearInterval(refresh);
      await experiments.close();
      await lanes.close();
      await log.close();
    },
  };
}

/** Loads the first model; without one, jobs are accepted and images wait. */
async function loadFirst(
  {
    config: { images, model: general, timing },
    logger,
    metrics,
    models,
    lanes,
  }: Pick<ImagesDeps, 'config' | 'logger' | 'metrics'> & Pick<Images, 'models' | 'lanes'>,
  stop: AbortSignal,
): Promise<void> {
  while (!stop.aborted) {
    try {
      const model = await models.get(images.classifier ?? general);
      await lanes.load(model);
      metrics.using(modelRefOf(model.manifest));
      logger.info(modelRefOf(model.manifest), 'model loaded for images');
      return;
    } catch (error) {
      if (stop.aborted) return;
      logger.warn({ reason: messageOf(error) }, 'no model for images yet, trying again');
      await sleep(timing.retryMs, undefined, { signal: stop, ref: false }).catch(() => undefined);
    }
  }
}
