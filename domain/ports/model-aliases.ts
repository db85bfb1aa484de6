import type { AliasRecord, ModelAlias } from '../model/model-alias.js';

/** Changes of aliases, newest first, and the position of the next page; null on the last one. */
export interface AliasHistory {
  readonly changes: readonly ModelAlias[];
  readonly next: string | null;
}

/** Aliases of the models of a catalogue, with the history of their changes. */
export interface ModelAliases {
  /** Lists the aliases of a model, or of all models, by name. */
  list(name?: string): Promise<ModelAlias[]>;
  /** Reads a page of the changes of a model's aliases. */
  history(
    name: string,
    page: { readonly limit: number; readonly before?: string | undefined },
  ): Promise<AliasHistory>;
  /**
   * Replaces the record of an alias atomically: `next` runs again if another change came first. It
   * returns its argument to change nothing.
   */
  change(
    name: string,
    alias: string,
    next: (current: AliasRecord | undefined) => AliasRecord,
  ): Promise<ModelAlias>;
}
