import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import pMap from 'p-map';
import { type DatasetItem, imageFileName } from '../../domain/dataset/dataset-item.js';
import { AppError } from '../../domain/errors.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { DatasetStore } from '../../domain/ports/dataset-store.js';
import type { ModelFiles } from '../../domain/ports/model-registry.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import type { TrainModelInput } from '../../domain/retrain/retrain.js';
import { TRAINING_FILES, type TrainingItem } from '../../domain/retrain/training-folder.js';

export interface TrainingFolderDeps {
  readonly objects: ObjectStore;
  readonly datasets: Pick<DatasetStore, 'items'>;
  readonly models: ModelFiles;
}

/** Images that are downloaded at the same time. */
const CONCURRENCY = 8;

/**
 * Writes the folder of a trainer: the images of the parts `train` and `val` with their list, the base
 * model and the parameters. The test part stays unknown to the trainer.
 * @throws AppError `LIMIT_EXCEEDED` for too many images, `TRAIN_DATA` if one is no longer stored.
 */
export async function writeTrainingFolder(
  deps: TrainingFolderDeps,
  input: TrainModelInput,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const items = await readItems(deps.datasets, input);
  const listed = items.map((item) => ({ item, listed: trainingItemOf(item) }));
  await pMap(
    listed,
    async ({ item, listed: { file } }) =>
      downloadImage(deps.objects, item, join(folder, 'dataset', file), signal),
    { concurrency: CONCURRENCY, signal },
  );
  const lines = listed.map((each) => `${JSON.stringify(each.listed)}\n`).join('');
  const write = (name: string, text: string) => writeFile(join(folder, name), text);
  await mkdir(join(folder, 'dataset'), { recursive: true });
  await mkdir(join(folder, 'out'), { recursive: true });
  await write(TRAINING_FILES.items, lines);
  await write(TRAINING_FILES.params, JSON.stringify(input.params));
  const { manifest, path } = await deps.models.fetch(input.base);
  await write(TRAINING_FILES.baseManifest, JSON.stringify(manifest));
  await copyFile(path, join(folder, TRAINING_FILES.base));
}

async function readItems(
  datasets: Pick<DatasetStore, 'items'>,
  { dataset, limits: { pictures: most } }: TrainModelInput,
): Promise<DatasetItem[]> {
  const all = await Array.fromAsync(datasets.items(dataset));
  const items = all.filter(({ split }) => split !== 'test');
  if (items.length <= most) return items;
  throw new AppError(
    'LIMIT_EXCEEDED',
    `Data set ${dataset.name}@${dataset.version} has ${items.length} images for training and validation; the limit is ${most} (limits.pictures).`,
  );
}

/** Images are in a folder per part and class, as readers of image folders expect. */
function trainingItemOf(item: DatasetItem): TrainingItem {
  const { split, label, objects, picture: image } = item;
  if (split === 'test') throw new AppError('TRAIN_DATA', 'The test part is not for training.');
  const home = label === undefined ? split : `${split}/${encodeURIComponent(label)}`;
  return {
    ...{ file: `${home}/${imageFileName(image)}`, split },
    ...(label !== undefined && { label }),
    ...(objects && {
      objects: objects.map(({ class: name, box }) => ({ class: name, box: [...box] })),
    }),
  };
}

async function downloadImage(
  objects: ObjectStore,
  { picture: image }: DatasetItem,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const key = keys.image(image.sha256);
  if (!(await objects.stat(BUCKETS.pictures, key, { signal }))) {
    throw new AppError(
      'TRAIN_DATA',
      `Image ${image.sha256} of the data set is no longer stored. Build a new version of the data set.`,
    );
  }
  await objects.getFile(BUCKETS.pictures, key, path, { signal });
}
