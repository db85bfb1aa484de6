import type { ModelManifest, ModelRef } from '../model/model-manifest.js';
import type { ModelAliases } from './model-aliases.js';

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
   * Finds a manifest by a model spec (a name alone is its newest version) or a file path; undefined
   * for the default model. @throws AppError `MODEL_NOT_FOUND`.
   */
  resolve(spec: string | undefined): Promise<ModelManifest>;
  /** Lists all models whose manifest is valid. */
  list(): Promise<ModelManifest[]>;
  /** Lists the versions whose manifest is damaged. */
  listDamaged(): Promise<DamagedModel[]>;
  /**
   * Publishes a model file with its data files, which are in the same folder. The same bytes with the
   * same input and output settings are the same version; a model of MLflow has its version there. An
   * ensemble has no file: its path is unused.
   * @throws AppError `MODEL_INVALID` if the name belongs to a model of another origin.
   */
  publish(path: string, manifest: Omit<ModelManifest, 'version'>): Promise<ModelManifest>;
  /** Reads all files of a version. @throws AppError `MODEL_UNAVAILABLE` if one is missing or damaged. */
  verify(manifest: ModelManifest): Promise<void>;
  readonly aliases: ModelAliases;
  /** Removes a version and its files. */
  remove(model: Pick<ModelManifest, 'name' | 'version'>): Promise<void>;
}

/** A catalogue that is only read. */
export type ModelReader = Pick<ModelRegistry, 'resolve' | 'list'> & {
  readonly aliases: Pick<ModelAliases, 'list'>;
};

/** A model on this host; its data files are in the folder of `path`. */
export interface LocalModel {
  readonly manifest: ModelManifest;
  /** Path of the ONNX file; empty for an ensemble. */
  readonly path: string;
  /** Members of an ensemble, in the order of its manifest; absent for other models. */
  readonly members?: readonly LocalModel[];
}

/** Provides model files on this host, verified by their SHA-256. */
export interface ModelFiles {
  fetch(model: ModelRef): Promise<LocalModel>;
}
