import { classesOfItem, type DatasetItem, type Split, SPLITS } from './dataset-item.js';
import type { DatasetManifest, SplitCounts } from './dataset-manifest.js';

/** Counts items by part and class. */
export function countItems(items: readonly DatasetItem[]): DatasetManifest['counts'] {
  const counts = SPLITS.map((split) => [split, countSplit(items, split)] as const);
  return Object.fromEntries(counts) as DatasetManifest['counts']; // each split has an entry
}

function countSplit(items: readonly DatasetItem[], split: Split): SplitCounts {
  const ofSplit = items.filter((item) => item.split === split);
  const classes = new Map<string, number>();
  for (const name of ofSplit.flatMap(classesOfItem)) {
    classes.set(name, (classes.get(name) ?? 0) + 1);
  }
  return {
    images: ofSplit.length,
    objects: ofSplit.reduce((sum, { objects = [] }) => sum + objects.length, 0),
    classes: Object.fromEntries([...classes].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** Classes of a data set: those of the version before in their order, then new ones by name. */
export function labelsOf(
  items: readonly DatasetItem[],
  before: readonly string[] = [],
): readonly string[] {
  const added = new Set(items.flatMap(classesOfItem));
  for (const label of before) added.delete(label);
  return [...before, ...[...added].sort()];
}
