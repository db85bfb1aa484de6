import { AppError } from '../../domain/errors.js';
import { modelBehaviourHash } from '../../domain/hash.js';
import { mlflowUriOf } from '../../domain/model/mlflow-ref.js';
import type { ModelManifest } from '../../domain/model/model-manifest.js';

type Unpublished = Omit<ModelManifest, 'version'>;

/**
 * Checks that all versions of a name are local, or of one model of MLflow.
 * @param manifests the versions of that name.
 * @throws AppError `MODEL_INVALID`.
 */
export function expectOwner(
  manifests: readonly ModelManifest[],
  { name, mlflow }: Unpublished,
): void {
  const other = manifests.find((known) => known.mlflow?.name !== mlflow?.name);
  if (!other) return;
  const owner = other.mlflow
    ? `the model ${mlflowUriOf({ name: other.mlflow.name })} of MLflow`
    : 'a model that was added to the catalogue';
  const advice = mlflow
    ? `Remove that model with "vidette models remove ${name}@${other.version}", or rename the one in MLflow`
    : 'Choose another --name, or register the model in MLflow';
  throw new AppError('MODEL_INVALID', `The name ${name} belongs to ${owner}. ${advice}.`, {
    model: name,
  });
}

/**
 * Finds the copy of a version of MLflow.
 * @throws AppError `MODEL_INVALID` if the version is a copy of other files or has other settings.
 */
export function findMirrored(
  manifests: readonly ModelManifest[],
  manifest: Unpublished,
): ModelManifest | undefined {
  const { name, mlflow } = manifest;
  const known = manifests.find(({ version }) => version === mlflow?.version);
  if (!known || modelBehaviourHash(known) === modelBehaviourHash(manifest)) return known;
  throw new AppError(
    'MODEL_INVALID',
    `${name}@${known.version} in the catalogue differs from version ${known.version} in MLflow (run ${mlflow?.run_id}): its files, labels or settings were changed there. Remove it with "vidette models remove ${name}@${known.version}", then pull it again; jobs that started with it fail.`,
    { model: name },
  );
}
