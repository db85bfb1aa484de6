import { LRUCache } from 'lru-cache';
import { AppError, hasCode } from '../../domain/errors.js';
import { modelRefOf } from '../../domain/model/model-manifest.js';
import { findsObjects } from '../../domain/model/model-output.js';
import type { LocalModel, ModelFiles, ModelRegistry } from '../../domain/ports/model-registry.js';

/** Models by name, name@version, or undefined for the default. */
export interface ModelsInUse {
  /** Returns the model on this host. @throws AppError `MODEL_NOT_FOUND`. */
  get(spec: string | undefined): Promise<LocalModel>;
  /** Like `get`. @throws AppError `INVALID_INPUT` for a classifier. */
  getDetector(spec: string | undefined): Promise<LocalModel>;
}

const KEPT = 64;

/**
 * Caches the catalogue's answers; uses a stale one if the catalogue is unavailable.
 * @param freshMs Time in milliseconds until a newly published version is used.
 */
export function createModelsInUse(
  models: ModelRegistry,
  files: ModelFiles,
  freshMs: number,
): ModelsInUse {
  const load = async (spec: string) =>
    files.fetch(modelRefOf(await models.resolve(spec === '' ? undefined : spec)));
  const known = new LRUCache<string, LocalModel>({
    max: KEPT,
    ttl: freshMs,
    allowStale: true,
    allowStaleOnFetchRejection: true,
    noDeleteOnFetchRejection: true,
    fetchMethod: (spec) =>
      load(spec).catch((error: unknown) => {
        // A removed model is not served from the cache.
        if (hasCode(error, 'MODEL_NOT_FOUND')) return undefined;
        throw error;
      }),
  });
  const get = async (spec = '') => (await known.fetch(spec)) ?? load(spec);
  return {
    get,
    getDetector: async (spec) => {
      const model = await get(spec);
      const { name, version, task } = model.manifest;
      if (findsObjects(task)) return model;
      throw new AppError(
        'INVALID_INPUT',
        `Model ${name}@${version} is a classifier and finds no objects. Name a detector with ?model=, or use POST /predict.`,
        { model: name },
      );
    },
  };
}
