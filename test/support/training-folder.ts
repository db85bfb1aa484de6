import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import type { ModelManifest } from '../../domain/model/model-manifest.js';
import { TRAINING_FILES, type TrainingItem } from '../../domain/retrain/training-folder.js';
import { type Answers, recognise } from '../../models/recognise/index.js';
import { readOnnxFile } from '../../models/onnx/onnx-file.js';

/** Manifest of version 1 of a classifier in a file. */
export async function classifierManifest(
  path: string,
  name: string,
  answers: Answers,
): Promise<ModelManifest> {
  const file = await readFile(path);
  const { draft, questions } = recognise(await readOnnxFile(path), answers);
  if (!draft) throw new Error(`Open: ${questions.map(({ ask }) => ask).join(' ')}`);
  const sha256 = createHash('sha256').update(file).digest('hex');
  const origin = { licence: 'unknown', source: 'test' };
  return { name, version: 1, sha256, size_bytes: file.length, ...origin, ...draft };
}

/** Colours of the classes of {@link stripedImage}. */
const COLOURS: Readonly<Record<string, readonly [number, number, number]>> = {
  red: [220, 40, 30],
  green: [40, 200, 60],
  форель: [40, 60, 220],
};
export const STRIPED_CLASSES = Object.keys(COLOURS);

/** Numbers after which the backgrounds and widths of {@link stripedImage} would repeat. */
const DISTINCT = 100;

/** A PNG of stripes in the colour of a class; the number changes their width and the background. */
export function stripedImage(label: string, number: number): Promise<Buffer> {
  const [width, height] = [48, 36];
  const period = 2 + (number % 5) + 5 * Math.floor(number / DISTINCT);
  const shade = 100 + ((number * 37) % DISTINCT);
  const pixels = Buffer.alloc(width * height * 3, shade);
  for (let at = 0; at < width * height; at++) {
    if (Math.floor((at % width) / period) % 2 === 0) pixels.set(COLOURS[label]!, at * 3);
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

/** Writes a training folder with striped images, of which every fourth is in the part `val`. */
export async function writeTrainingFolder(
  folder: string,
  base: { readonly path: string; readonly manifest: ModelManifest },
  { perClass, params }: { readonly perClass: number; readonly params: object },
): Promise<void> {
  const items: TrainingItem[] = [];
  for (const label of STRIPED_CLASSES) {
    for (let number = 0; number < perClass; number++) {
      const split = number % 4 === 3 ? 'val' : 'train';
      const file = `${split}/${label}/${number}.png`;
      await mkdir(dirname(join(folder, 'dataset', file)), { recursive: true });
      await writeFile(join(folder, 'dataset', file), await stripedImage(label, number));
      items.push({ file, split, label });
    }
  }
  const write = (name: string, text: string | Buffer) => writeFile(join(folder, name), text);
  await write(TRAINING_FILES.items, items.map((item) => `${JSON.stringify(item)}\n`).join(''));
  await write(TRAINING_FILES.base, await readFile(base.path));
  await write(TRAINING_FILES.baseManifest, JSON.stringify(base.manifest));
  await write(TRAINING_FILES.params, JSON.stringify(params));
}
