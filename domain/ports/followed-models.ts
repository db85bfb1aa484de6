import type { ModelReader, ModelRegistry } from './model-registry.js';

/** What a registry was last asked about a model. */
export interface FollowedModel {
  /** URI of the model in the registry. */
  readonly uri: string;
  /** Time of the last answer; null: none yet. */
  readonly checkedAt: Date | null;
  /** Why the registry could not name a version the last time; null: it did. */
  readonly error: string | null;
  /** The version that the registry names, if it cannot be run. */
  readonly unusable?: { readonly version: number; readonly reason: string };
}

/** A catalogue that follows a registry. */
export interface FollowedModels extends ModelRegistry {
  /** State of a spec of a model that is followed; undefined for models of the catalogue itself. */
  followedBy(spec: string | undefined): FollowedModel | undefined;
}

/** Such a catalogue that is only read. */
export type FollowedReader = ModelReader & Pick<FollowedModels, 'followedBy'>;
