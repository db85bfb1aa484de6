import type { DatasetItem } from '../dataset/dataset-item.js';
import type { DatasetDraft, DatasetManifest } from '../dataset/dataset-manifest.js';

/** Versions of data sets. A version never changes. */
export interface DatasetStore {
  /** Lists the newest version of each data set, by name. */
  list(): Promise<DatasetManifest[]>;
  /** Lists all versions of a data set, the newest first; empty for an unknown name. */
  versions(name: string): Promise<DatasetManifest[]>;
  /** Finds a version, the newest one by default. */
  find(name: string, version?: number): Promise<DatasetManifest | undefined>;
  /**
   * Reads the items of a version in their fixed order.
   * @throws AppError `DATASET_DAMAGED`, at the end if the items are not those of the manifest.
   */
  items(manifest: Pick<DatasetManifest, 'name' | 'version' | 'sha256'>): AsyncIterable<DatasetItem>;
  /**
   * Stores items as the next version, or returns the version that has the same content. Can be
   * repeated, and run by several processes at once: each gets a version with its own items.
   */
  add(draft: DatasetDraft, items: readonly DatasetItem[]): Promise<AddedDataset>;
}

/** Version with the items that were added. */
export interface AddedDataset {
  readonly manifest: DatasetManifest;
  /** False if the version existed. */
  readonly created: boolean;
}
