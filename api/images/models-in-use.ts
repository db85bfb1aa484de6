import { LRUCache } from 'lru-cache';
import { AppError, hasCode } from '../../domain/errors.js';
import { modelRefOf } from '../../domain/model/model-manifest.js';
import { findsObjects } from '../../domain/model/model-output.js';
import type { LocalModel, ModelFiles, ModelRegistry } from '../../domain/ports/model-registry.js';

/** Models by what they are asked for: a name, a name and version, or nothing for the default. */
export interface ModelsInUse {
  /** The model on this host. @throws AppError `MODEL_NOT_FOUND`. */
  get(spec: string | undefined): Promise<LocalModel>;
  /** As `get`. @throws AppError `INVALID_INPUT` for a model that finds no objects. */
  getDetector(spec: string | undefined): Promise<LocalModel>;
}

const KEPT = 64;

/**
 * Looks into the catalogue now and then, and not for each picture; an old answer is better than none.
 * @param freshMs Time in milliseconds after which a version that was published is used.
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
        // A model that was removed is served no longer.
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
        `Model ${name}@${version} classifies pictures as a whole and finds no objects: name one that does with ?model=, or use POST /predict.`,
        { model: name },
      );
    },
  };
}
