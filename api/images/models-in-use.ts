import { LRUCache } from 'lru-cache';
import { AppError, hasCode, messageOf } from '../../domain/errors.js';
import { modelRefOf } from '../../domain/model/model-manifest.js';
import { findsObjects } from '../../domain/model/model-output.js';
import type { LocalModel, ModelFiles, ModelRegistry } from '../../domain/ports/model-registry.js';
import { modelKeyOf } from '../../lanes/pool-job.js';
import type { Logger } from '../../runtime/logger.js';

/** Models by spec (a name, a version or an alias), or undefined for the default. */
export interface ModelsInUse {
  /** Returns the model on this host. @throws AppError `MODEL_NOT_FOUND`. */
  get(spec: string | undefined): Promise<LocalModel>;
  /** Like `get`. @throws AppError `INVALID_INPUT` for a classifier. */
  getDetector(spec: string | undefined): Promise<LocalModel>;
  /** The version to which a spec in use refers, if it could not be loaded. */
  unusable(spec: string | undefined): UnusableVersion | undefined;
  /** Finds the versions to which the specs in use refer, and replaces those that have changed. */
  refresh(): Promise<void>;
}

/** A version that is not used, and why. */
export interface UnusableVersion {
  readonly version: number;
  readonly reason: string;
}

interface Options {
  readonly models: Pick<ModelRegistry, 'resolve'>;
  readonly files: ModelFiles;
  /** Specs that are in use even without requests, once they were requested. */
  readonly kept: readonly (string | undefined)[];
  /** Prepares the next version; the current one is in use until it has. */
  readonly prepare: (next: LocalModel, current: LocalModel) => Promise<void>;
  /** Called when a spec refers to another version. */
  readonly onChange: (spec: string | undefined, model: LocalModel) => void;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
}

const KEPT = 64;
/** Time without use after which a spec is forgotten, in milliseconds. */
const USED_MS = 10 * 60_000;
/** Time after which a version that could not be prepared is tried again, in milliseconds. */
const RETRY_MS = 60_000;

/** Caches the models of the specs in use; the catalogue may be unavailable in the meantime. */
export function createModelsInUse(options: Options): ModelsInUse {
  const known = new LRUCache<string, LocalModel>({
    ...{ max: KEPT, ttl: USED_MS, updateAgeOnGet: true },
    ...{ allowStaleOnFetchRejection: true, noDeleteOnFetchRejection: true },
    fetchMethod: (key) => load(options, key).catch(withoutRemoved),
  });
  const get = async (spec: string | undefined) => {
    const key = keyOf(spec);
    return (await known.fetch(key)) ?? load(options, key);
  };
  const unusable = new LRUCache<string, UnusableVersion>({ max: KEPT });
  const renew = createRenewal(options, known, unusable);
  return {
    get,
    unusable: (spec) => unusable.get(keyOf(spec)),
    getDetector: async (spec) => expectDetector(await get(spec)),
    refresh: async () => {
      for (const spec of options.kept) known.get(keyOf(spec)); // renews its time
      await Promise.all([...known.entries()].map(([key, current]) => renew(key, current)));
    },
  };
}

/** Key of a spec: a cache has no key `undefined`. */
function keyOf(spec = ''): string {
  return spec;
}

function specOf(key: string): string | undefined {
  return key === '' ? undefined : key;
}

async function load({ models, files }: Options, key: string): Promise<LocalModel> {
  return files.fetch(modelRefOf(await models.resolve(specOf(key))));
}

/** A removed model is not served from the cache. */
function withoutRemoved(error: unknown): undefined {
  if (!hasCode(error, 'MODEL_NOT_FOUND')) throw error;
}

/**
 * Creates a function that replaces a model by the version that its spec refers to, unless that
 * version cannot be prepared. Errors are logged.
 */
function createRenewal(
  options: Options,
  known: LRUCache<string, LocalModel>,
  unusable: LRUCache<string, UnusableVersion>,
) {
  const { models, files, prepare, onChange, logger } = options;
  const renewing = new Set<string>();
  const failed = new LRUCache<string, true>({ max: KEPT, ttl: RETRY_MS });

  async function replace(key: string, current: LocalModel): Promise<void> {
    const manifest = await models.resolve(specOf(key));
    const modelKey = modelKeyOf({ manifest });
    if (modelKey === modelKeyOf(current)) unusable.delete(key);
    if (modelKey === modelKeyOf(current) || failed.has(modelKey)) return;
    const next = await files.fetch(modelRefOf(manifest));
    failed.set(modelKey, true);
    await prepare(next, current).catch((error: unknown) => {
      unusable.set(key, { version: manifest.version, reason: messageOf(error) });
      throw error;
    });
    failed.delete(modelKey);
    unusable.delete(key);
    known.set(key, next, { noUpdateTTL: true });
    onChange(specOf(key), next);
    logger.info({ spec: specOf(key), ...modelRefOf(manifest) }, 'model of images replaced');
  }

  return async (key: string, current: LocalModel): Promise<void> => {
    if (renewing.has(key)) return;
    renewing.add(key);
    try {
      await replace(key, current);
    } catch (error) {
      if (hasCode(error, 'MODEL_NOT_FOUND')) known.delete(key);
      else logger.warn({ spec: specOf(key), reason: messageOf(error) }, 'model not replaced');
    } finally {
      renewing.delete(key);
    }
  };
}

function expectDetector(model: LocalModel): LocalModel {
  const { name, version, task } = model.manifest;
  if (findsObjects(task)) return model;
  throw new AppError(
    'INVALID_INPUT',
    `Model ${name}@${version} is a classifier and finds no objects. Name a detector with ?model=, or use POST /predict.`,
    { model: name },
  );
}
