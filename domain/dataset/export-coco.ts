import { cornerAndSize, listOf } from '../export/coco.js';
import { classIds } from '../export/export-source.js';
import { area } from '../result/detection.js';
import { type DatasetItem, imageFileName, type Split, SPLITS } from './dataset-item.js';
import type { DatasetManifest } from './dataset-manifest.js';
import type { DatasetFile, DatasetSource } from './dataset-file.js';

/**
 * `annotations/instances_{split}.json` for each part with images, and `images/{split}/{sha256}.jpg`.
 * Boxes are not rounded, categories count from 1, and images without objects are listed too.
 */
export async function* cocoFilesOf(source: DatasetSource): AsyncGenerator<DatasetFile> {
  const { manifest, items } = source;
  for (const split of SPLITS) {
    if (manifest.counts[split].images === 0) continue;
    yield { name: `annotations/instances_${split}.json`, text: cocoText(source, split) };
  }
  for await (const { picture: image, split } of items()) {
    yield { name: `images/${split}/${imageFileName(image)}`, image };
  }
}

async function* cocoText({ manifest, items }: DatasetSource, split: Split): AsyncGenerator<string> {
  const info = JSON.stringify(infoOf(manifest));
  yield `{\n"info": ${info},\n"licenses": [],\n"images": [`;
  let imageId = 1;
  yield* listOf(inSplit(items(), split), ({ picture: image }) => {
    const { width, height } = image;
    return [{ id: imageId++, file_name: imageFileName(image), width, height }];
  });
  yield '],\n"annotations": [';
  const ids = classIds(manifest.labels);
  let image_id = 0;
  let id = 1;
  yield* listOf(inSplit(items(), split), ({ objects = [] }) => {
    image_id++;
    return objects.map(({ class: name, box }) => ({
      ...{ id: id++, image_id, category_id: ids.get(name)! + 1, bbox: cornerAndSize(box) },
      ...{ area: area(box), iscrowd: 0 },
    }));
  });
  const categories = manifest.labels.map((name, index) => ({ id: index + 1, name }));
  yield `],\n"categories": ${JSON.stringify(categories)}\n}\n`;
}

function infoOf({ name, version, sha256, created_at }: DatasetManifest) {
  return {
    description: `${name}@${version}`,
    version: String(version),
    sha256,
    date_created: created_at,
  };
}

async function* inSplit(items: AsyncIterable<DatasetItem>, split: Split) {
  for await (const item of items) if (item.split === split) yield item;
}
