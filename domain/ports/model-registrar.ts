/** A model for a registry. */
export interface RegisteredModel {
  readonly name: string;
  /** Id of the work that made the model; it has one version in the registry. */
  readonly id: string;
  /** The ONNX file. */
  readonly path: string;
  readonly labels: readonly string[];
  readonly metrics: Readonly<Record<string, number>>;
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** Aliases that are moved to the version. */
  readonly aliases: readonly string[];
}

/** A registry to which models are written. */
export interface ModelRegistrar {
  /**
   * Registers a model, unless a version with its id exists, and moves its aliases. Attempts that overlap
   * return the same version, the only one that remains.
   */
  register(model: RegisteredModel): Promise<{ readonly version: number }>;
}
