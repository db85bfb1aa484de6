import { createObjectStore } from '../../adapters/store/minio-object-store.js';
import { createModelFiles } from '../../adapters/store/model-file-cache.js';
import { createModelRegistry } from '../../adapters/store/model-registry.js';
import type { Config } from '../../config/index.js';
import { modelRefOf } from '../../domain/model/model-manifest.js';
import type { KnownModel } from '../../models/catalogue.js';
import { withTemporaryFolder } from '../../platform/temporary-folder.js';

/** A model's file on this machine and its manifest, with a version if it is published. */
export interface OpenModel {
  readonly path: string;
  readonly manifest: KnownModel & { readonly version?: number };
  /** Members of an ensemble. */
  readonly members?: readonly OpenModel[];
}

export type WorkOnModel<T> = (model: OpenModel) => Promise<T>;

/** Runs `work` with a model of the catalogue, which is downloaded to a temporary folder. */
export async function withPublished<T>(
  config: Config,
  spec: string,
  work: WorkOnModel<T>,
): Promise<T> {
  const objects = createObjectStore(config.objectStore);
  const registry = createModelRegistry(objects);
  const manifest = await registry.resolve(spec);
  return withTemporaryFolder(config, 'model-', async (folder) => {
    const models = createModelFiles(objects, registry, folder);
    return work(await models.fetch(modelRefOf(manifest)));
  });
}
