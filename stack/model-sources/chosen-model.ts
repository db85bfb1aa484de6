import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Config } from '../../config/index.js';
import { BEST_MODEL_NAME, MOCK_MODEL_NAME } from '../../domain/model/known-models.js';
import { parseCatalogueSpec } from '../../domain/model/mlflow-ref.js';
import { isModelPath } from '../../domain/model/model-spec.js';
import { MANIFEST_FILE } from '../../domain/names.js';

/** A model chosen by the user instead of the default one. */
export type ChosenModel =
  | { readonly kind: 'mock' }
  /** `path` is absolute. */
  | { readonly kind: 'file'; readonly path: string }
  /** A model that was added on this machine. */
  | { readonly kind: 'added'; readonly name: string };

/**
 * Returns the model chosen with `VIDETTE_MODEL` (a path, the mock, or an added model) or by a file
 * `best.onnx` in a model folder; undefined without a choice, or for any other name.
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
  const name = parseCatalogueSpec(model)?.name;
  if (name === undefined) return undefined;
  const manifest = join(dataDir, 'models', name, MANIFEST_FILE);
  return (await isFile(manifest)) ? { kind: 'added', name } : undefined;
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}
