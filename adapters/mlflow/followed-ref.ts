import { hasCode } from '../../domain/errors.js';
import { type MlflowRef, parseCatalogueSpec } from '../../domain/model/mlflow-ref.js';
import type { ModelManifest } from '../../domain/model/model-manifest.js';
import { isModelPath, isModelUri, parseModelSpec } from '../../domain/model/model-spec.js';
import type { ModelRegistry } from '../../domain/ports/model-registry.js';

type Models = Pick<ModelRegistry, 'resolve'>;

/**
 * Returns the model of MLflow that a spec names: a URI, unless its name belongs to a model that was
 * added to the catalogue, or any form with the name of a model of MLflow.
 */
export async function followedRef(models: Models, spec: string): Promise<MlflowRef | undefined> {
  const [named, inCatalogue] = [parseModelSpec(spec), parseCatalogueSpec(spec)];
  if (isModelPath(spec) || !named || !inCatalogue) return undefined;
  const owner = await find(models, inCatalogue.name);
  if (owner?.mlflow) return { ...named, name: owner.mlflow.name };
  return owner || !isModelUri(spec) ? undefined : named;
}

/** Finds a version of the catalogue that is a copy of MLflow. */
export async function findCopy(
  models: Models,
  name: string,
  version: number,
): Promise<ModelManifest | undefined> {
  const found = await find(models, `${name}@${version}`);
  return found?.mlflow && found;
}

/** Finds a model; undefined for one that does not exist or is damaged. */
async function find(models: Models, spec: string): Promise<ModelManifest | undefined> {
  try {
    return await models.resolve(spec);
  } catch (error) {
    if (hasCode(error, 'MODEL_NOT_FOUND') || hasCode(error, 'MODEL_INVALID')) return undefined;
    throw error;
  }
}
