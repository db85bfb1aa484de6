import { classIds } from '../export/export-source.js';
import { type DatasetObject, imageFileName, SPLITS } from './dataset-item.js';
import type { DatasetManifest } from './dataset-manifest.js';
import type { DatasetFile, DatasetSource } from './dataset-file.js';

/**
 * `data.yaml`, and `images/{split}/{sha256}.jpg` with `labels/{split}/{sha256}.txt`: a line
 * `class x_centre y_centre width height` per object in shares of the image, not rounded; the file of an
 * image without objects is empty.
 */
export async function* yoloFilesOf({
  manifest,
  items,
}: DatasetSource): AsyncGenerator<DatasetFile> {
  yield { name: 'data.yaml', text: dataYaml(manifest) };
  const ids = classIds(manifest.labels);
  for await (const { picture: image, split, objects = [] } of items()) {
    const lines = objects.map(
      (object) => `${ids.get(object.class)} ${sharesOf(object, image).join(' ')}\n`,
    );
    yield { name: `labels/${split}/${image.sha256}.txt`, text: lines.join('') };
    yield { name: `images/${split}/${imageFileName(image)}`, image };
  }
}

/** Class names are written as JSON strings, which are YAML in any script. */
function dataYaml({ labels, counts }: DatasetManifest): string {
  const present = SPLITS.filter((split) => counts[split].images > 0);
  // Readers require both parts of a training; a small data set may have one only.
  const [first = 'train'] = present;
  const folderOf = (split: (typeof SPLITS)[number]) =>
    `${split}: images/${present.includes(split) ? split : first}\n`;
  const test = present.includes('test') ? folderOf('test') : '';
  const names = labels.map((name, id) => `  ${id}: ${JSON.stringify(name)}\n`);
  const map = names.length > 0 ? `\n${names.join('')}` : ' {}\n';
  return `path: .\n${folderOf('train')}${folderOf('val')}${test}nc: ${labels.length}\nnames:${map}`;
}

/** Centre and size of a box in shares of the image. */
function sharesOf(
  { box: [xMin, yMin, xMax, yMax] }: DatasetObject,
  { width, height }: { readonly width: number; readonly height: number },
): readonly number[] {
  return [
    (xMin + xMax) / 2 / width,
    (yMin + yMax) / 2 / height,
    (xMax - xMin) / width,
    (yMax - yMin) / height,
  ];
}
