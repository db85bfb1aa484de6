import { AppError } from '../errors.js';
import { type DatasetItem, type DatasetTask, imageFileName, SPLITS } from './dataset-item.js';
import type { DatasetFile, DatasetSource } from './dataset-file.js';
import { cocoFilesOf } from './export-coco.js';
import { classFolder } from './class-folder.js';
import { yoloFilesOf } from './export-yolo.js';

/** Formats of exports of data sets: all are a zip with the images. */
export const DATASET_FORMATS = ['coco', 'yolo', 'folder', 'jsonl'] as const;
export type DatasetFormat = (typeof DATASET_FORMATS)[number];

const TASK_OF: Readonly<Record<DatasetFormat, DatasetTask | undefined>> = {
  coco: 'detect',
  yolo: 'detect',
  folder: 'classify',
  jsonl: undefined,
};

const FILES: Readonly<
  Record<DatasetFormat, (source: DatasetSource) => AsyncIterable<DatasetFile>>
> = { coco: cocoFilesOf, yolo: yoloFilesOf, folder: folderFilesOf, jsonl: jsonlFilesOf };

/**
 * Files of an export, one after another.
 * @throws AppError `INVALID_INPUT` for a format that cannot hold the task of the data set.
 */
export function datasetFiles(
  source: DatasetSource,
  format: DatasetFormat,
): AsyncIterable<DatasetFile> {
  const { name, task } = source.manifest;
  const needed = TASK_OF[format];
  if (needed === undefined || needed === task) return FILES[format](source);
  const possible = DATASET_FORMATS.filter((each) => (TASK_OF[each] ?? task) === task);
  throw new AppError(
    'INVALID_INPUT',
    `Format ${format} holds data sets for "${needed}"; ${name} is for "${task}". Use ${possible.join(' or ')}.`,
    { dataset: name },
  );
}

/**
 * `{split}/{class}/{sha256}.jpg`, as PyTorch, Keras and Ultralytics read it. Each part has all classes:
 * readers number the folders, so a missing one would change the ids of the others.
 */
async function* folderFilesOf({ manifest, items }: DatasetSource): AsyncGenerator<DatasetFile> {
  const { labels, counts } = manifest;
  for (const split of SPLITS) {
    const missing = labels.filter((label) => !Object.hasOwn(counts[split].classes, label));
    if (counts[split].images === 0) continue;
    for (const label of missing) yield { name: `${split}/${classFolder(label)}/` };
  }
  for await (const { picture: image, split, label } of items()) {
    const folder = classFolder(label!); // the task is to classify
    yield { name: `${split}/${folder}/${imageFileName(image)}`, image };
  }
}

/** `manifest.json` and `items.jsonl` as they are stored, and `images/{sha256}.jpg`. */
async function* jsonlFilesOf({ manifest, items }: DatasetSource): AsyncGenerator<DatasetFile> {
  yield { name: 'manifest.json', text: `${JSON.stringify(manifest, null, 2)}\n` };
  yield { name: 'items.jsonl', text: linesOf(items()) };
  for await (const { picture: image } of items()) {
    yield { name: `images/${imageFileName(image)}`, image };
  }
}

async function* linesOf(items: AsyncIterable<DatasetItem>): AsyncGenerator<string> {
  for await (const item of items) yield `${JSON.stringify(item)}\n`;
}
