import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Config } from '../../config.js';
import { BEST_MODEL_NAME, MOCK_MODEL_NAME } from '../../domain/known-models.js';
import { isModelPath } from '../../domain/model-spec.js';

/** A network that takes the place of those which Vidette can get by itself. */
export type ChosenModel =
  | { readonly kind: 'mock' }
  /** Its absolute path. */
  | { readonly kind: 'file'; readonly path: string };

/**
 * The network that was chosen by `VIDETTE_MODEL` (a path, or the mock), else by putting `best.onnx`
 * into a folder of models; undefined when none was, or one of the catalogue by its name.
 */
export async function chosenModel({
  model,
  modelsDir,
  dataDir,
}: Pick<Config, 'model' | 'modelsDir' | 'dataDir'>): Promise<ChosenModel | undefined> {
  if (model === MOCK_MODEL_NAME) return { kind: 'mock' };
  if (model !== undefined) {
    return isModelPath(model) ? { kind: 'file', path: resolve(model) } : undefined;
  }
  const folders = [...(modelsDir === undefined ? [] : [modelsDir]), join(dataDir, 'models')];
  for (const folder of folders) {
    const path = resolve(folder, `${BEST_MODEL_NAME}.onnx`);
    if ((await stat(path).catch(() => undefined))?.isFile()) return { kind: 'file', path };
  }
  return undefined;
}
