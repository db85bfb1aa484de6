import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { createDatasetStore } from '../../adapters/store/dataset-store.js';
import { zipDataset } from '../../client/datasets/export-dataset.js';
import { countItems, labelsOf } from '../../domain/dataset/dataset-counts.js';
import type { DatasetItem, DatasetTask } from '../../domain/dataset/dataset-item.js';
import { sha256 } from '../../domain/hash.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import { datasetDraft, datasetItem } from './dataset-items.js';

export const TROUT = { class: 'форель', box: [10.125, 20.7, 42.3333333333, 60.5] as const };
const SIGN = { class: 'stop sign', box: [0, 0, 160, 120] as const };

/** Items of the data sets whose exports are written; images are 160 x 120 pixels. */
export interface ExportedItems {
  /** Data set `fish-detect`. */
  readonly detection: readonly DatasetItem[];
  /** Data set `fish-classify`. */
  readonly classes: readonly DatasetItem[];
}

/** Stores two data sets, and writes their exports as `export-{coco,yolo,folder}.zip` into a folder. */
export async function writeExports(objects: ObjectStore, folder: string): Promise<ExportedItems> {
  for (const bucket of [BUCKETS.pictures, BUCKETS.datasets]) await objects.ensureBucket(bucket);
  const detection = [
    await storeItem(objects, 1, { objects: [TROUT, SIGN], split: 'train' }),
    await storeItem(objects, 2, { objects: [], split: 'train' }),
    await storeItem(objects, 3, { objects: [SIGN], split: 'val' }),
    await storeItem(objects, 4, { objects: [TROUT], split: 'test' }),
  ];
  const classes = [
    await storeItem(objects, 5, { label: 'форель', split: 'train' }),
    await storeItem(objects, 6, { label: 'stop sign', split: 'train' }),
    await storeItem(objects, 7, { label: 'форель', split: 'test' }),
    // datumaro reads no part without one of the classes.
    await storeItem(objects, 8, { label: 'stop sign', split: 'test' }),
  ];
  await exportAs(objects, folder, { formats: ['coco', 'yolo'], task: 'detect', items: detection });
  await exportAs(objects, folder, { formats: ['folder'], task: 'classify', items: classes });
  return { detection, classes };
}

async function storeItem(
  objects: ObjectStore,
  shade: number,
  fields: Partial<DatasetItem>,
): Promise<DatasetItem> {
  const background = { r: shade * 30, g: 0, b: 0 };
  const create = { width: 160, height: 120, channels: 3 as const, background };
  const data = await sharp({ create }).jpeg().toBuffer();
  const image = sha256(data);
  await objects.put(BUCKETS.pictures, keys.image(image), data);
  const { picture: facts, label: _, ...item } = datasetItem(image);
  return { ...item, picture: { ...facts, sha256: image, width: 160, height: 120 }, ...fields };
}

interface Exported {
  readonly formats: readonly ('coco' | 'yolo' | 'folder')[];
  readonly task: DatasetTask;
  readonly items: readonly DatasetItem[];
}

async function exportAs(
  objects: ObjectStore,
  folder: string,
  { formats, task, items }: Exported,
): Promise<void> {
  const datasets = createDatasetStore(objects);
  const draft = { ...datasetDraft(`fish-${task}`), task, counts: countItems(items) };
  const { manifest } = await datasets.add({ ...draft, labels: labelsOf(items) }, items);
  const source = { manifest, items: () => datasets.items(manifest) };
  for (const format of formats)
    await writeFile(join(folder, `export-${format}.zip`), zipDataset(objects, source, format));
}
