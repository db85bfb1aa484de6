import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDatasetStore } from '../../adapters/store/dataset-store.js';
import { createModelRegistry } from '../../adapters/store/model-registry.js';
import { countItems, labelsOf } from '../../domain/dataset/dataset-counts.js';
import type { DatasetItem } from '../../domain/dataset/dataset-item.js';
import { sha256 } from '../../domain/hash.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import type { StoredObject } from '../../domain/result/detection.js';
import { describeImage } from '../../models/dataset/describe-image.js';
import type { ConnectedStack } from './connected-stack.js';
import { datasetDraft, datasetItem } from './dataset-items.js';
import { REAL_MODEL } from './shared-settings.js';

const data = process.env.VIDETTE_TEST_DATA ?? '';
/** Ten images of COCO in the reference data. */
export const REFERENCE_IMAGES = join(data, 'images');
/** Images for training; the others are for the test. */
const TRAINED_ON = 3;

/** Stores the images of the reference data with their reference detections as a data set. */
export async function storeDetectorDataset(objects: ObjectStore, name: string): Promise<void> {
  const text = await readFile(join(data, 'expected/images.json'), 'utf8');
  const expected = JSON.parse(text) as Record<string, readonly StoredObject[]>;
  const items: DatasetItem[] = [];
  for (const [number, file] of (await readdir(REFERENCE_IMAGES)).sort().entries()) {
    const image = await readFile(join(REFERENCE_IMAGES, file));
    const hash = sha256(image);
    await objects.put(BUCKETS.pictures, keys.image(hash), image);
    const facts = await describeImage(image, false);
    const { picture: plain, label: _label, ...item } = datasetItem(file);
    items.push({
      ...{ ...item, split: number < TRAINED_ON ? 'train' : 'test' },
      picture: { ...plain, ...facts, sha256: hash },
      objects: expected[file]!.map(({ class: label, box }) => ({ class: label, box })),
    });
  }
  const made = { labels: labelsOf(items), counts: countItems(items) };
  const draft = { ...datasetDraft(name), ...made, task: 'detect' } as const;
  await createDatasetStore(objects).add(draft, items);
}

/** Publishes the detector of the reference data under another name. */
export async function publishDetector(
  { objects, folder }: ConnectedStack,
  name: string,
): Promise<void> {
  const models = createModelRegistry(objects);
  const { version, ...manifest } = await models.resolve(REAL_MODEL);
  const path = join(folder, 'base.onnx');
  await objects.getFile(BUCKETS.models, keys.model(REAL_MODEL, version), path);
  await models.publish(path, { ...manifest, name });
}
