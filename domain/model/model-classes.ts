import { hasCode } from '../errors.js';
import type { ModelRegistry } from '../ports/model-registry.js';
import type { ModelRef } from './model-manifest.js';

/** Returns the classes of a model version by class id; none if the model was removed. */
export async function readClasses(
  models: Pick<ModelRegistry, 'resolve'>,
  { name, version }: Pick<ModelRef, 'name' | 'version'>,
): Promise<readonly string[]> {
  try {
    return (await models.resolve(`${name}@${version}`)).labels;
  } catch (error) {
    if (hasCode(error, 'MODEL_NOT_FOUND')) return [];
    throw error;
  }
}
