import type { Client } from '@temporalio/client';
import type { DescribeImage } from '../domain/dataset/resolve-images.js';
import type { ModelManifest } from '../domain/model/model-manifest.js';
import type { DatasetStore } from '../domain/ports/dataset-store.js';
import type { DocumentStore } from '../domain/ports/document-store.js';
import type { ModelRegistry } from '../domain/ports/model-registry.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import type { Download } from './types.js';

/** Dependencies of a client; the caller creates and closes them. */
export interface VidetteClientDeps {
  readonly temporal: Client;
  readonly objects: ObjectStore;
  readonly models: ModelRegistry;
  readonly datasets: DatasetStore;
  /** The events: the list of all jobs, also after Temporal has deleted them. */
  readonly documents: Pick<
    DocumentStore,
    | ('batches' | 'cameras' | 'frameFeedback' | 'imageBatches' | 'scenarios' | 'streamEvents')
    | ('alerts' | 'libraryVideos' | 'sightings')
    | ('experiments' | 'imagePredictions' | 'importedFeedback' | 'keptImages')
    | ('findClosedIds' | 'findEvent' | 'findIdsOfVideo' | 'findStatuses' | 'listEvents')
  >;
  /** Downloads videos that are given as a URL; without it, URLs are rejected. */
  readonly download?: Download;
  /** Folder for downloads; default: the system's temporary folder. */
  readonly tempDir?: string;
  /** Throws `INVALID_INPUT` for an unknown class; without it, the job fails instead. */
  readonly checkClasses?: (manifest: ModelManifest, classes: readonly string[]) => void;
  /** Runs a model once; rejects if that fails. Without it, only the files of a model are verified. */
  readonly checkModel?: (manifest: ModelManifest) => Promise<void>;
  /** Number of lanes for images of the API; without it, experiments are not checked against it. */
  readonly imageLanes?: number;
  /** Model that the API uses for images (undefined: the default one); without it, the champion alias. */
  readonly servedModel?: { readonly spec: string | undefined };
  /** Reads the size and the hash of an image; without it, data sets cannot be built. */
  readonly describeImage?: DescribeImage;
  /** Model of jobs that name none; default: that of the catalogue. */
  readonly defaultModel?: string;
  /** Key that seals the URLs of cameras; without it, cameras can be neither added nor deployed. */
  readonly cameraKey?: string | undefined;
  /** Frames per second of scenarios that set no rate. */
  readonly defaultFps?: number;
}
