import { join, resolve } from 'node:path';
import type { Config } from '../../config/index.js';
import { KNOWN_MODEL_FILES } from '../../domain/model/known-models.js';
import { manifestFor } from '../../models/catalogue.js';
import { isVerified } from '../../stack/model-sources/verified-file.js';
import { type AddedModel, listAdded } from './added-folder.js';

/** Finds known models whose complete file is in one of the folders, each once. */
export async function findKnownModels(folders: readonly string[]): Promise<AddedModel[]> {
  const found = KNOWN_MODEL_FILES.map(async ({ file, facts }) => {
    const manifest = manifestFor(facts.sha256);
    for (const folder of manifest ? folders : []) {
      const path = resolve(folder, file);
      if (manifest && (await isVerified(path, facts))) return { path, manifest };
    }
    return undefined;
  });
  return (await Promise.all(found)).flatMap((model) => model ?? []);
}

/**
 * Lists models that are available on this machine without a catalogue (added, pulled or provided), and
 * the reasons for those that are damaged.
 */
export async function listLocalModels({
  dataDir,
  modelsDir,
}: Pick<Config, 'dataDir' | 'modelsDir'>): Promise<{
  readonly models: readonly AddedModel[];
  readonly damaged: readonly string[];
}> {
  const folders = [join(dataDir, 'models'), ...(modelsDir === undefined ? [] : [modelsDir])];
  const damaged: string[] = [];
  const added = await listAdded({ dataDir }, (reason) => damaged.push(reason));
  const known = await findKnownModels(folders);
  return { models: [...added, ...known], damaged };
}
