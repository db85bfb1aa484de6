import { LRUCache } from 'lru-cache';
import { AppError, hasCode, messageOf } from '../../domain/errors.js';
import {
  catalogueNameOf,
  isLoggedModelId,
  type MlflowRef,
  mlflowUriOf,
} from '../../domain/model/mlflow-ref.js';
import { changeAlias, PREVIOUS } from '../../domain/model/model-alias.js';
import type { ModelManifest } from '../../domain/model/model-manifest.js';
import type { FollowedModel, FollowedModels } from '../../domain/ports/followed-models.js';
import type { ModelRegistry } from '../../domain/ports/model-registry.js';
import type { ModelSource, SourceVersion } from '../../domain/ports/model-source.js';
import { findCopy, followedRef } from './followed-ref.js';
import { createPatientSource } from './patient-source.js';

export interface FollowOptions {
  readonly models: ModelRegistry;
  readonly source: ModelSource;
  /** Copies a version into the catalogue. */
  readonly mirror: (version: SourceVersion) => Promise<ModelManifest>;
  /** Called when a version is refused, or MLflow does not answer. */
  readonly onFailure?: (spec: string, error: unknown) => void;
}

/** Maximum number of specs and of refused versions that are remembered. */
const KEPT = 256;
/** Time after which a version that was refused is downloaded again, in milliseconds. */
const REFUSED_MS = 5 * 60_000;
/** Author of aliases that are copies of those of MLflow. */
const BY = 'MLflow';

/**
 * Returns a catalogue whose models of MLflow are those that MLflow names now: a version that the
 * catalogue lacks is copied first. If MLflow does not answer, or names a version that cannot be run, the
 * catalogue's own version continues to be used: of an alias the last one that could be run.
 */
export function createFollowedModels(options: FollowOptions): FollowedModels {
  const { models, onFailure } = options;
  const source = createPatientSource(options.source);
  const followed = new LRUCache<string, FollowedModel>({ max: KEPT });
  const copy = createCopier(options);
  const recordAlias = createAliasRecorder(models);

  async function follow(spec: string, ref: MlflowRef): Promise<ModelManifest> {
    if (ref.version !== undefined || isLoggedModelId(ref.name)) {
      const known = await findCopy(models, catalogueNameOf(ref.name), ref.version ?? 1);
      if (known) return known;
    }
    const before = followed.get(spec) ?? { uri: mlflowUriOf(ref), checkedAt: null, error: null };
    followed.set(spec, before);
    const version = await source.resolve(ref).catch((error: unknown) => {
      followed.set(spec, { ...before, error: messageOf(error) });
      throw error;
    });
    const asked = { uri: before.uri, checkedAt: new Date(), error: null };
    try {
      const manifest = await copy(version);
      await recordAlias(ref, manifest);
      followed.set(spec, asked);
      return manifest;
    } catch (error) {
      const unusable = { version: version.version, reason: messageOf(error) };
      followed.set(spec, { ...asked, unusable });
      throw error;
    }
  }

  return {
    ...models,
    followedBy: (spec) => (spec === undefined ? undefined : followed.get(spec)),
    resolve: async (spec) => {
      const ref = spec === undefined ? undefined : await followedRef(models, spec);
      if (spec === undefined || !ref) return models.resolve(spec);
      try {
        return await follow(spec, ref);
      } catch (error) {
        onFailure?.(spec, error);
        return (await findKept(models, spec)) ?? fail(ref, error);
      }
    },
  };
}

async function findKept(models: ModelRegistry, spec: string): Promise<ModelManifest | undefined> {
  try {
    return await models.resolve(spec);
  } catch (error) {
    if (hasCode(error, 'MODEL_NOT_FOUND')) return undefined;
    throw error;
  }
}

/** Another version may replace one that cannot be run, unless the version was named. */
function fail(ref: MlflowRef, error: unknown): never {
  if (ref.version !== undefined || !hasCode(error, 'MODEL_INVALID')) throw error;
  const problem = `${mlflowUriOf(ref)} cannot be used, and no earlier version is in the catalogue. ${messageOf(error)}`;
  throw new AppError('MODEL_UNAVAILABLE', problem, { model: mlflowUriOf(ref) }, { cause: error });
}

/** Returns a function that copies a version once, and remembers for a while that it was refused. */
function createCopier({ models, mirror }: FollowOptions) {
  const copying = new Map<string, Promise<ModelManifest>>();
  const refused = new LRUCache<string, AppError>({ max: KEPT, ttl: REFUSED_MS });

  async function start(key: string, version: SourceVersion): Promise<ModelManifest> {
    try {
      return await mirror(version);
    } catch (error) {
      if (error instanceof AppError && !error.retryable) refused.set(key, error);
      throw error;
    } finally {
      copying.delete(key);
    }
  }

  return async (version: SourceVersion): Promise<ModelManifest> => {
    const known = await findCopy(models, catalogueNameOf(version.name), version.version);
    if (known?.mlflow?.source === version.source && known.mlflow.run_id === version.runId) {
      return known;
    }
    const key = `${version.name}@${version.version} ${version.runId} ${version.source}`;
    const error = refused.get(key);
    if (error) throw error;
    const started = copying.get(key) ?? start(key, version);
    copying.set(key, started);
    return started;
  };
}

/** Returns a function that keeps an alias of the catalogue where MLflow's is. */
function createAliasRecorder({ aliases }: ModelRegistry) {
  const recorded = new LRUCache<string, string>({ max: KEPT });
  return async ({ alias }: MlflowRef, { name, version, sha256 }: ModelManifest): Promise<void> => {
    // The catalogue's own alias of this name follows from the champion.
    if (alias === undefined || alias === PREVIOUS) return;
    const key = `${name}@${alias}`;
    const pinned = `${version} ${sha256}`;
    if (recorded.get(key) === pinned) return;
    const change = { action: 'set', by: BY, reason: null, to: { version, sha256 } } as const;
    await aliases.change(name, alias, (current) =>
      changeAlias(current, { ...change, now: new Date() }),
    );
    recorded.set(key, pinned);
  };
}
