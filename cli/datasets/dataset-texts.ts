import type { DatasetManifest } from '../../client/index.js';
import { SPLITS } from '../../domain/dataset/dataset-item.js';
import { formatCount, formatTable, formatTime } from '../format.js';

/** Formats versions of data sets as a table. */
export function formatDatasets(datasets: readonly DatasetManifest[]): string {
  if (datasets.length === 0) {
    return 'No data sets. Build one from feedback with: vidette datasets build NAME --task detect';
  }
  const rows = datasets.map(({ name, version, task, labels, counts, created_at }) => [
    ...[`${name}@${version}`, task, String(labels.length)],
    ...SPLITS.map((split) => String(counts[split].images)),
    formatTime(created_at),
  ]);
  return formatTable([['DATA SET', 'TASK', 'CLASSES', 'TRAIN', 'VAL', 'TEST', 'BUILT'], ...rows]);
}

/** Formats a version with its classes by part, and the images that are not in it. */
export function formatDataset(dataset: DatasetManifest): string {
  const { name, version, sha256, task, labels, counts, left_out, made_from } = dataset;
  const classes = labels.map((label) => [
    `  ${label}`,
    ...SPLITS.map((split) => String(countOf(counts[split].classes, label))),
  ]);
  const images = ['  images', ...SPLITS.map((split) => String(counts[split].images))];
  const { model = 'all models', since } = made_from.filters;
  const from = since === undefined ? model : `${model}, since ${formatTime(since)}`;
  return [
    `${name}@${version}, ${task}, sha256 ${sha256}`,
    `made from feedback on ${from}, until ${formatTime(made_from.until)}`,
    formatTable([['', ...SPLITS], images, ...classes]),
    ...leftOutLines(left_out),
  ].join('\n');
}

/** A class may have the name of a member of every object, such as `constructor`. */
function countOf(classes: Readonly<Record<string, number>>, label: string): number {
  return Object.hasOwn(classes, label) ? classes[label]! : 0;
}

function leftOutLines({ count, by_reason }: DatasetManifest['left_out']): string[] {
  if (count === 0) return [];
  const reasons = Object.entries(by_reason).map(([reason, number]) => `${reason} ${number}`);
  return [`left out: ${formatCount(count, 'image')} (${reasons.join(', ')}; --json lists them)`];
}
