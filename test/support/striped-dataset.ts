import pMap from 'p-map';
import { createDatasetStore } from '../../adapters/store/dataset-store.js';
import { countItems } from '../../domain/dataset/dataset-counts.js';
import type { DatasetItem } from '../../domain/dataset/dataset-item.js';
import { sha256 } from '../../domain/hash.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import { datasetDraft, datasetItem } from './dataset-items.js';
import { stripedImage, STRIPED_CLASSES } from './training-folder.js';

/** Stores striped images and a data set of them: two thirds for training, a third for the test. */
export async function storeStripedDataset(
  objects: ObjectStore,
  name: string,
  perClass = 12,
): Promise<void> {
  for (const bucket of [BUCKETS.pictures, BUCKETS.datasets]) await objects.ensureBucket(bucket);
  const items = await pMap(
    STRIPED_CLASSES.flatMap((label) =>
      Array.from({ length: perClass }, (_, number) => ({ label, number })),
    ),
    ({ label, number }) => storeStripedItem(objects, label, number),
    { concurrency: 4 },
  );
  const draft = { ...datasetDraft(name), labels: STRIPED_CLASSES, counts: countItems(items) };
  await createDatasetStore(objects).add(draft, items);
}

async function storeStripedItem(
  objects: ObjectStore,
  label: string,
  number: number,
): Promise<DatasetItem> {
  const image = await stripedImage(label, number);
  const hash = sha256(image);
  await objects.put(BUCKETS.pictures, keys.image(hash), image);
  const { picture: plain } = datasetItem(hash);
  const media = { media_type: 'image/png', width: 48, height: 36 } as const;
  const split = number % 3 === 2 ? 'test' : 'train';
  return datasetItem(hash, { picture: { ...plain, ...media, sha256: hash }, label, split });
}
