import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import pMap from 'p-map';
import type { DatasetSource } from '../../domain/dataset/dataset-file.js';
import type { DatasetImage, DatasetItem, DatasetTask } from '../../domain/dataset/dataset-item.js';
import { NO_COUNTS } from '../../domain/dataset/dataset-manifest.js';
import { datasetFiles, type DatasetFormat } from '../../domain/dataset/export-files.js';
import { AppError } from '../../domain/errors.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { DatasetStore } from '../../domain/ports/dataset-store.js';
import type { ModelFiles } from '../../domain/ports/model-registry.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import type { TrainModelInput } from '../../domain/retrain/retrain.js';
import { TRAINING_FILES, type TrainingItem } from '../../domain/retrain/training-folder.js';

export interface TrainingFolderDeps {
  readonly objects: ObjectStore;
  readonly datasets: Pick<DatasetStore, 'find' | 'items'>;
  readonly models: ModelFiles;
}

/** Images that are downloaded at the same time. */
const CONCURRENCY = 8;

/** Exports of a data set that a trainer gets; those of a task name their images alike. */
const FORMATS: Readonly<Record<DatasetTask, readonly DatasetFormat[]>> = {
  classify: ['folder'],
  detect: ['coco', 'yolo'],
};

/**
 * Writes the folder of a trainer: the parts `train` and `val` as exports of the data set, a list of their
 * images, the base model and the parameters. The test part stays unknown to the trainer.
 * @throws AppError `LIMIT_EXCEEDED` for too many images, `TRAIN_DATA` if one is no longer stored.
 */
export async function writeTrainingFolder(
  deps: TrainingFolderDeps,
  input: TrainModelInput,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const items = await readItems(deps.datasets, input);
  const manifest = await describeParts(deps.datasets, input);
  const home = join(folder, TRAINING_FILES.dataset);
  await mkdir(home, { recursive: true });
  await mkdir(join(folder, 'out'), { recursive: true });
  const images = await writeExports({ manifest, items: () => Readable.from(items) }, home);
  await pMap(
    images,
    ([name, image]) => downloadImage(deps.objects, image, join(home, name), signal),
    { concurrency: CONCURRENCY, signal },
  );
  const names = new Map([...images].map(([name, { sha256 }]) => [sha256, name]));
  const lines = items.map((item) => trainingItemOf(item, names.get(item.picture.sha256)!));
  const write = (name: string, text: string) => writeFile(join(folder, name), text);
  await write(TRAINING_FILES.items, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  await write(TRAINING_FILES.params, JSON.stringify(input.params));
  const base = await deps.models.fetch(input.base);
  await write(TRAINING_FILES.baseManifest, JSON.stringify(base.manifest));
  await copyFile(base.path, join(folder, TRAINING_FILES.base));
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

/** The manifest of a data set as if it had no test part. */
async function describeParts(
  datasets: Pick<DatasetStore, 'find'>,
  { dataset: { name, version } }: TrainModelInput,
): Promise<DatasetSource['manifest']> {
  const manifest = await datasets.find(name, version);
  if (!manifest) {
    throw new AppError('TRAIN_DATA', `Data set ${name}@${version} is no longer stored.`);
  }
  return { ...manifest, counts: { ...manifest.counts, test: NO_COUNTS.test } };
}

/** Writes the texts and folders of the exports; returns their images by name. */
async function writeExports(
  source: DatasetSource,
  home: string,
): Promise<Map<string, DatasetImage>> {
  const images = new Map<string, DatasetImage>();
  for (const format of FORMATS[source.manifest.task]) {
    for await (const { name, text, image } of datasetFiles(source, format)) {
      const path = join(home, name);
      await mkdir(dirname(path), { recursive: true });
      if (image) images.set(name, image);
      else if (text === undefined) await mkdir(path, { recursive: true });
      else await writeFile(path, text);
    }
  }
  return images;
}

function trainingItemOf({ split, label, objects }: DatasetItem, file: string): TrainingItem {
  if (split === 'test') throw new AppError('TRAIN_DATA', 'The test part is not for training.');
  return {
    ...{ file, split },
    ...(label !== undefined && { label }),
    ...(objects && {
      objects: objects.map(({ class: name, box }) => ({ class: name, box: [...box] })),
    }),
  };
}

async function downloadImage(
  objects: ObjectStore,
  { sha256 }: DatasetImage,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const key = keys.image(sha256);
  if (!(await objects.stat(BUCKETS.pictures, key, { signal }))) {
    throw new AppError(
      'TRAIN_DATA',
      `Image ${sha256} of the data set is no longer stored. Build a new version of the data set.`,
    );
  }
  await objects.getFile(BUCKETS.pictures, key, path, { signal });
}
