import type { Client } from '@temporalio/client';
import type { ModelManifest } from '../domain/model/model-manifest.js';
import type { DocumentStore } from '../domain/ports/document-store.js';
import type { ModelRegistry } from '../domain/ports/model-registry.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import type { Download } from './types.js';

/** Dependencies of a client; the caller creates and closes them. */
export interface VidetteClientDeps {
  readonly temporal: Client;
  readonly objects: ObjectStore;
  readonly models: ModelRegistry;
  /** The events: the list of all jobs, also after Temporal has deleted them. */
  readonly documents: Pick<
    DocumentStore,
    'batches' | 'findClosedIds' | 'findEvent' | 'findIdsOfVideo' | 'findStatuses' | 'listEvents'
  >;
  /** Downloads videos that are given as a URL; without it, URLs are rejected. */
  readonly download?: Download;
  /** Folder for downloads; default: the system's temporary folder. */
  readonly tempDir?: string;
  /** Throws `INVALID_INPUT` for an unknown class; without it, the job fails instead. */
  readonly checkClasses?: (manifest: ModelManifest, classes: readonly string[]) => void;
  /** Model of jobs that name none; default: that of the catalogue. */
  readonly defaultModel?: string;
}
