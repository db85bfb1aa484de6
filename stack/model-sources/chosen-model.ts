import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Config } from '../../config/index.js';
import { BEST_MODEL_NAME, MOCK_MODEL_NAME } from '../../domain/model/known-models.js';
import { isModelPath } from '../../domain/model/model-spec.js';
import { MANIFEST_FILE } from '../../domain/names.js';

/** A network that takes the place of those which Vidette can get by itself. */
export type ChosenModel =
  | { readonly kind: 'mock' }
  /** Its absolute path. */
  | { readonly kind: 'file'; readonly path: string }
  /** One that was added on this machine, by its name. */
  | { readonly kind: 'added'; readonly name: string };

/**
 * The network that was chosen by `VIDETTE_MODEL` (a path, the mock, or one that was added), else by
 * putting `best.onnx` into a folder of models; undefined when none was, or another by its name.
 */
export async function chosenModel({
  model,
  modelsDir,
  dataDir,
}: Pick<Config, 'model' | 'modelsDir' | 'dataDir'>): Promise<ChosenModel | undefined> {
  if (model === MOCK_MODEL_NAME) return { kind: 'mock' };
  if (model !== undefined) {
    return isModelPath(model) ? { kind: 'file', path: resolve(model) } : addedModel(model, dataDir);
  }
  const folders = [...(modelsDir === undefined ? [] : [modelsDir]), join(dataDir, 'models')];
  for (const folder of folders) {
    const path = resolve(folder, `${BEST_MODEL_NAME}.onnx`);
    if (await isFile(path)) return { kind: 'file', path };
  }
  return undefined;
}

async function addedModel(model: string, dataDir: string): Promise<ChosenModel | undefined> {
  const [name = ''] = model.split('@');
  const manifest = join(dataDir, 'models', name, MANIFEST_FILE);
  return (await isFile(manifest)) ? { kind: 'added', name } : undefined;
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}
