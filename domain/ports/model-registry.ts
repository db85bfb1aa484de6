import type { ModelManifest, ModelRef } from '../model/model-manifest.js';

/** The catalogue of models. */
export interface ModelRegistry {
  /**
   * The manifest of `name` (its newest version) or `name@version`, of the name that a file goes by,
   * or of the default model; throws `MODEL_NOT_FOUND`.
   */
  resolve(spec: string | undefined): Promise<ModelManifest>;
  list(): Promise<ModelManifest[]>;
  /**
   * Publishes a model file and the data files of its manifest, which lie beside it. The same bytes
   * that are fed and read in the same way are the same version of a name.
   */
  publish(path: string, manifest: Omit<ModelManifest, 'version'>): Promise<ModelManifest>;
  /** Takes a version out of the catalogue, with its files. */
  remove(model: Pick<ModelManifest, 'name' | 'version'>): Promise<void>;
}

/** A model on this host; its data files lie beside the file at `path`. */
export interface LocalModel {
  readonly manifest: ModelManifest;
  readonly path: string;
}

/** Model files of this host, verified by their SHA-256. */
export interface ModelFiles {
  fetch(model: ModelRef): Promise<LocalModel>;
}
