import type { MlflowRef } from '../model/mlflow-ref.js';

/** A version of a model in a registry, or a logged model, which is version 1 of its id. */
export interface SourceVersion {
  readonly name: string;
  readonly version: number;
  /** Run that logged the model; empty if it was registered without one. */
  readonly runId: string;
  /** Id of the logged model, in registries that have them. */
  readonly modelId?: string;
  /** URI of the artifacts; never contacted. */
  readonly source: string;
}

/** What an ONNX file refers to. */
export interface OnnxReferences {
  /** Names of its data files. */
  readonly externalFiles: readonly string[];
  /** Whether its metadata contains class labels. */
  readonly hasLabels: boolean;
}

export interface SourceDownload {
  /** An empty folder for the model and its data files. */
  readonly folder: string;
  /** Reads the references of a downloaded ONNX file. @throws AppError `MODEL_INVALID`. */
  readonly inspect: (path: string) => Promise<OnnxReferences>;
  readonly signal?: AbortSignal;
  readonly onBytes?: (doneBytes: number, totalBytes: number | undefined) => void;
}

/** A downloaded model. */
export interface SourceModel {
  readonly path: string;
  /** A model of Keras must be converted. */
  readonly format: 'onnx' | 'keras';
  /** Text with the class labels and where it was found; missing if the file contains them. */
  readonly labels?: { readonly text: string; readonly title: string };
}

/** A registry from which models are mirrored into the catalogue. */
export interface ModelSource {
  /**
   * Finds a version. @throws AppError `MODEL_NOT_FOUND` for an unknown model, version or alias,
   * `MODEL_INVALID` for a version that is not ready, `SERVER_UNAVAILABLE`.
   */
  resolve(ref: MlflowRef): Promise<SourceVersion>;
  /**
   * Downloads an ONNX or Keras model with its data files and labels. @throws AppError `MODEL_INVALID` for a
   * version that cannot be run, `LIMIT_EXCEEDED` for too many bytes, `SERVER_UNAVAILABLE`.
   */
  download(version: SourceVersion, options: SourceDownload): Promise<SourceModel>;
  /** Checks that the registry can be read. Resolves with the version of its server. */
  check(): Promise<string>;
  close(): Promise<void>;
}
