import { log } from '@temporalio/activity';
import { countNew } from '../../domain/dataset/count-new.js';
import { type DatasetTask, SPLITS } from '../../domain/dataset/dataset-item.js';
import type { DatasetManifest } from '../../domain/dataset/dataset-manifest.js';
import { parseDatasetSpec } from '../../domain/dataset/dataset-manifest.js';
import { AppError, hasCode } from '../../domain/errors.js';
import { canonicalJson, sha256 } from '../../domain/hash.js';
import { CHAMPION } from '../../domain/model/model-alias.js';
import type { ModelManifest } from '../../domain/model/model-manifest.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { DatasetStore } from '../../domain/ports/dataset-store.js';
import type { ModelRegistry } from '../../domain/ports/model-registry.js';
import { NAME_IN_ID } from '../../domain/retrain/prunable-retrainings.js';
import type { OpenedRetrain } from '../../domain/retrain/retrain.js';
import { parseRetrainRequest, type Trainer } from '../../domain/retrain/retrain-request.js';

export interface OpenRetrainDeps {
  readonly models: Pick<ModelRegistry, 'resolve'>;
  readonly datasets: Pick<DatasetStore, 'find' | 'items'>;
}

/**
 * Resolves the request to a base model and a version of a data set, which never changes. The same base,
 * data set, trainer and parameters are the same training.
 * @throws AppError `INVALID_INPUT`, `MODEL_NOT_FOUND`, `DATASET_NOT_FOUND`, `TRAIN_DATA`.
 */
export async function openRetrain(
  deps: OpenRetrainDeps,
  { request }: { readonly request: unknown },
): Promise<OpenedRetrain> {
  const parsed = parseRetrainRequest(request);
  const { model, dataset: spec = model, base: version, build: _build, ...rest } = parsed;
  const manifest = await findBase(deps.models, model, version);
  const dataset = await findDataset(deps.datasets, spec);
  expectSuitable(manifest, dataset);
  const trainer = trainerFor(dataset.task, rest.trainer);
  const options = { ...rest, trainer };
  const { params } = options;
  const base = { name: manifest.name, version: manifest.version, sha256: manifest.sha256 };
  const content = { base: base.sha256, dataset: dataset.sha256, trainer, params };
  const retrain_id = `${model.slice(0, NAME_IN_ID)}-${sha256(canonicalJson(content)).slice(0, 12)}`;
  const new_images = options.min_new === 0 ? null : await countNewImages(deps, manifest, dataset);
  log.info('retraining opened', { retrain_id, dataset: `${dataset.name}@${dataset.version}` });
  return {
    ...{ ...options, retrain_id, base, task: dataset.task, new_images },
    dataset: {
      ...{ name: dataset.name, version: dataset.version, sha256: dataset.sha256 },
      ...{ bucket: BUCKETS.datasets, key: keys.datasetItems(dataset.name, dataset.version) },
    },
  };
}

/** The requested version, else the champion, else the newest version. */
async function findBase(
  models: Pick<ModelRegistry, 'resolve'>,
  name: string,
  version: number | undefined,
): Promise<ModelManifest> {
  if (version !== undefined) return models.resolve(`${name}@${version}`);
  try {
    return await models.resolve(`${name}@${CHAMPION}`);
  } catch (error) {
    if (!hasCode(error, 'MODEL_NOT_FOUND')) throw error;
    return models.resolve(name);
  }
}

async function findDataset(
  datasets: Pick<DatasetStore, 'find'>,
  spec: string,
): Promise<DatasetManifest> {
  const { name, version } = parseDatasetSpec(spec)!; // the request was checked
  const found = await datasets.find(name, version);
  if (found) return found;
  throw new AppError('DATASET_NOT_FOUND', `Data set ${spec} does not exist. Build it first.`);
}

/** Counts the images that are new or changed since the data set that the base was trained with. */
async function countNewImages(
  { datasets }: OpenRetrainDeps,
  { trained }: ModelManifest,
  dataset: DatasetManifest,
): Promise<number> {
  const before = trained && (await datasets.find(trained.dataset.name, trained.dataset.version));
  if (before) return countNew(datasets.items(dataset), datasets.items(before));
  return SPLITS.reduce((sum, split) => sum + dataset.counts[split].images, 0);
}

/** @throws AppError `INVALID_INPUT` for a detector with the trainer of classifiers. */
function trainerFor(task: DatasetTask, wanted: Trainer | undefined): Trainer {
  if (task === 'detect' && wanted === 'head') {
    throw new AppError(
      'INVALID_INPUT',
      'The trainer "head" trains classifiers. For a detector, use the trainer "command" with a program in VIDETTE_TRAIN_COMMAND.',
    );
  }
  return wanted ?? (task === 'detect' ? 'command' : 'head');
}

/**
 * @throws AppError `MODEL_INVALID` for a model that is not trained here, `TRAIN_DATA` for a data set
 * that it cannot be trained and tested with.
 */
function expectSuitable(model: ModelManifest, { name, version, task, counts }: DatasetManifest) {
  expectTrainable(model);
  const dataset = `Data set ${name}@${version}`;
  if (task !== model.task) {
    throw new AppError(
      'TRAIN_DATA',
      `${dataset} is for the task ${task}, model ${model.name} for ${model.task}. Classifiers need a data set for classify, detectors one for detect.`,
    );
  }
  const what = task === 'detect' ? 'objects' : 'images';
  for (const part of ['train', 'test'] as const) {
    if (counts[part][what] > 0) continue;
    throw new AppError(
      'TRAIN_DATA',
      `${dataset} has no ${what} in its part ${part}. Add feedback.`,
    );
  }
}

/** @throws AppError `MODEL_INVALID`. */
function expectTrainable({ name, version, mlflow, output, task }: ModelManifest): void {
  if (mlflow) {
    throw new AppError(
      'MODEL_INVALID',
      `Model ${name} belongs to MLflow, where its versions are created. Add version ${version} under another name, and retrain that.`,
    );
  }
  if (output.family === 'ensemble') {
    throw new AppError(
      'MODEL_INVALID',
      `Model ${name} is an ensemble. Retrain its members, and create it again from their new versions.`,
    );
  }
  if (task === 'segment') {
    throw new AppError(
      'MODEL_INVALID',
      `Model ${name} finds masks, which data sets do not have. Retrain a classifier or a detector.`,
    );
  }
}
