import type { Client } from '@temporalio/client';
import type { ModelManifest } from '../domain/model/model-manifest.js';
import type { DocumentStore } from '../domain/ports/document-store.js';
import type { ModelRegistry } from '../domain/ports/model-registry.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import type { Download } from './types.js';

/** What a client works with; whoever made these also closes them. */
export interface VidetteClientDeps {
  readonly temporal: Client;
  readonly objects: ObjectStore;
  readonly models: ModelRegistry;
  /** The events: the list of all jobs, also after Temporal has deleted them. */
  readonly documents: Pick<DocumentStore, 'findEvent' | 'findEventIds' | 'listEvents'>;
  /** Without it, addresses are refused. */
  readonly download?: Download;
  /** Folder for files while they are brought in; default: that of the system. */
  readonly tempDir?: string;
  /** Throws `INVALID_INPUT` for a class that a model does not know; without it, the job does. */
  readonly checkClasses?: (manifest: ModelManifest, classes: readonly string[]) => void;
  /** Model of a job that names none; default: that of the catalogue. */
  readonly defaultModel?: string;
}
