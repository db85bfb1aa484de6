import type { ModelManifest, ModelRef } from '../model/model-manifest.js';

/** A version whose manifest cannot be read; other models are not affected. */
export interface DamagedModel {
  readonly name: string;
  readonly version: number;
  /** What is wrong with it, and what to do. */
  readonly reason: string;
}

/** The catalogue of models. */
export interface ModelRegistry {
  /**
   * Finds a manifest by `name` (newest version), `name@version` or file path; undefined for the
   * default model. @throws AppError `MODEL_NOT_FOUND`.
   */
  resolve(spec: string | undefined): Promise<ModelManifest>;
  /** Lists all models whose manifest is valid. */
  list(): Promise<ModelManifest[]>;
  /** Lists the versions whose manifest is damaged. */
  listDamaged(): Promise<DamagedModel[]>;
  /**
   * Publishes a model file with its data files, which are in the same folder. The same bytes with the
   * same input and output settings are the same version.
   */
  publish(path: string, manifest: Omit<ModelManifest, 'version'>): Promise<ModelManifest>;
  /** Removes a version and its files. */
  remove(model: Pick<ModelManifest, 'name' | 'version'>): Promise<void>;
}

/** A model on this host; its data files are in the folder of `path`. */
export interface LocalModel {
  readonly manifest: ModelManifest;
  readonly path: string;
}

/** Provides model files on this host, verified by their SHA-256. */
export interface ModelFiles {
  fetch(model: ModelRef): Promise<LocalModel>;
}
