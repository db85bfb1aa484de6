import { setTimeout as sleep } from 'node:timers/promises';
import { createGuardedDownload } from '../../adapters/download/guarded-download.js';
import type { Config } from '../../config/index.js';
import { messageOf } from '../../domain/errors.js';
import { type ModelManifest, modelRefOf } from '../../domain/model/model-manifest.js';
import type { PredictionLog } from '../../domain/result/prediction-log.js';
import type { ModelFiles, ModelRegistry } from '../../domain/ports/model-registry.js';
import type { Logger } from '../../runtime/logger.js';
import type { Metrics } from '../metrics/index.js';
import type { Experiments } from '../experiments/index.js';
import { createImageLanes, type ImageLanes } from './image-lanes.js';
import type { KeepImage } from './keep-image.js';
import { createModelsInUse, type ModelsInUse } from './models-in-use.js';

/** Services for single images. */
export interface Images {
  readonly lanes: ImageLanes;
  readonly models: ModelsInUse;
  readonly log: PredictionLog;
  readonly keep: KeepImage;
  readonly experiments: Experiments;
  /** Resolves when the model of `POST /predict` is loaded, or the images are closed. */
  readonly loaded: Promise<void>;
  /** Runs a model once in a process of its own; rejects if that fails. */
  readonly check: (manifest: ModelManifest) => Promise<void>;
  readonly download: ReturnType<typeof createGuardedDownload>;
  close(): Promise<void>;
}

export interface ImagesDeps {
  readonly config: Config;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly models: Pick<ModelRegistry, 'resolve'>;
  readonly files: ModelFiles;
  /** Command prefix that ends the processes of lanes with this one. */
  readonly wrapper: readonly string[];
  readonly log: PredictionLog;
  readonly keep: KeepImage;
  readonly experiments: Experiments;
}

/** Interval between checks whether the models in use have other versions, in milliseconds. */
const REFRESH_MS = 5000;
/** Timeouts of the download of an image, in seconds. */
const DOWNLOAD_S = 30;
const DOWNLOAD_STALL_S = 10;

/** Starts the lanes, which load the model of `POST /predict` once the catalogue has it. */
export function startImages(deps: ImagesDeps): Images {
  const { config, logger, metrics, files, wrapper, log, keep, experiments } = deps;
  const meter = metrics.watchLanes(config.device);
  const lanes = createImageLanes(config, logger, { wrapper, meter });
  const served = config.images.classifier ?? config.model;
  const models = createModelsInUse({
    ...{ models: deps.models, files, kept: [served, config.model], logger },
    prepare: (next, current) => lanes.prepare(next, current),
    onChange: (spec, { manifest }) => {
      if (spec === served) metrics.using(modelRefOf(manifest));
    },
  });
  metrics.watch(() => lanes.counts);
  meter.watch(lanes);
  const closing = new AbortController();
  const loaded = loadFirst({ ...deps, models, lanes }, closing.signal);
  const refreshMs = Math.min(config.timing.cacheMs, REFRESH_MS);
  const refresh = setInterval(() => void models.refresh(), refreshMs);
  const limits = {
    maxBytes: config.images.maxBytes,
    timeoutS: DOWNLOAD_S,
    stallS: DOWNLOAD_STALL_S,
  };
  return {
    ...{ lanes, models, log, keep, experiments, loaded },
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
      // The detector stays on this host, too.
      await models.get(general).catch(() => undefined);
      return;
    } catch (error) {
      if (stop.aborted) return;
      logger.warn({ reason: messageOf(error) }, 'no model for images yet, trying again');
      await sleep(timing.retryMs, undefined, { signal: stop, ref: false }).catch(() => undefined);
    }
  }
}
