import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../domain/errors.js';
import {
  TRAINING_FILES,
  type TrainingItem,
  trainingItemSchema,
} from '../../domain/retrain/training-folder.js';
import type { HeadData } from './head-problem.js';

/** Image with its class. */
export interface LabelledImage extends TrainingItem {
  readonly label: string;
}

/** Reads the list of a training folder. @throws AppError `TRAIN_DATA` for an image without a class. */
export async function readLabelledImages(folder: string): Promise<LabelledImage[]> {
  const text = await readFile(join(folder, TRAINING_FILES.items), 'utf8');
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const item = trainingItemSchema.parse(JSON.parse(line));
    if (item.label !== undefined) return { ...item, label: item.label };
    throw new AppError('TRAIN_DATA', `Image ${item.file} has no class.`);
  });
}

/** Returns known classes in their order, then those that only images for training have, sorted. */
export function extendLabels(
  known: readonly string[],
  images: readonly Pick<LabelledImage, 'split' | 'label'>[],
): string[] {
  const trained = images.filter(({ split }) => split === 'train').map(({ label }) => label);
  const added = [...new Set(trained)].filter((label) => !known.includes(label));
  return [...known, ...added.sort()];
}

/**
 * Selects the images of a part.
 * @param features values of all images, one image after the other.
 */
export function selectPart(
  images: readonly LabelledImage[],
  features: Float32Array,
  labels: readonly string[],
  part: LabelledImage['split'],
): HeadData {
  const size = images.length === 0 ? 0 : features.length / images.length;
  const positions = new Map(labels.map((label, i) => [label, i]));
  const chosen = [...images.entries()].filter(([, { split }]) => split === part);
  const selected = new Float32Array(chosen.length * size);
  chosen.forEach(([at], i) =>
    selected.set(features.subarray(at * size, (at + 1) * size), i * size),
  );
  // A class that only the part `val` has is none of the labels, so its images are always wrong.
  return { features: selected, targets: chosen.map(([, { label }]) => positions.get(label) ?? -1) };
}
