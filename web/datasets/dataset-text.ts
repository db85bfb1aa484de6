import type { DatasetManifest } from '../../api/types.js';
import type { ListedDataset } from '../api/datasets.js';
import { formatCount, formatDate, joinFacts, pluralize } from '../format.js';

/** Parts of a data set. Their module in `domain/` has schemas, which the page does not load. */
const SPLITS = [
  'train',
  'val',
  'test',
] as const satisfies readonly (keyof DatasetManifest['counts'])[];

/** Page of a data set in its newest version, or of one version. */
export const datasetHash = (name: string, version?: number) =>
  `#/dataset/${encodeURIComponent(version === undefined ? name : `${name}@${version}`)}`;

/** Tasks of data sets with their texts. */
export const TASKS = [
  ['detect', 'Objects with boxes'],
  ['classify', 'One class per image'],
] as const;

export const describeTask = (task: ListedDataset['task']): string =>
  TASKS.find(([name]) => name === task)?.[1] ?? task;

/** @example describeContents(dataset) // '120 images · 240 objects · 2 classes' */
export function describeContents({ task, counts, labels }: ListedDataset): string {
  const sum = (what: 'images' | 'objects') =>
    SPLITS.reduce((total, split) => total + counts[split][what], 0);
  return joinFacts([
    pluralize(sum('images'), 'image'),
    task === 'detect' && pluralize(sum('objects'), 'object'),
    labels.length === 1 ? '1 class' : `${labels.length} classes`,
  ]);
}

/** @example describeOrigin(dataset) // 'feedback on fish@3 since …, until …' */
export function describeOrigin({ made_from }: Pick<DatasetManifest, 'made_from'>): string {
  const { filters, until } = made_from;
  const since = filters.since === undefined ? '' : ` since ${formatDate(filters.since)}`;
  return `feedback on ${filters.model ?? 'all models'}${since}, until ${formatDate(until)}`;
}

/** Rows of a table: images and classes by part, with their total. */
export function countRows({ counts, labels, task }: ListedDataset): readonly (readonly string[])[] {
  const row = (name: string, values: readonly number[]) => [
    name,
    ...values.map(formatCount),
    formatCount(values.reduce((total, value) => total + value, 0)),
  ];
  const of = (what: 'images' | 'objects') => SPLITS.map((split) => counts[split][what]);
  const classRow = (label: string) =>
    row(
      label,
      SPLITS.map((split) => countOf(counts[split].classes, label)),
    );
  return [
    row('Images', of('images')),
    ...(task === 'detect' ? [row('Objects', of('objects'))] : []),
    ...labels.map(classRow),
  ];
}

/** A class may have the name of a member of every object, such as `constructor`. */
function countOf(classes: Readonly<Record<string, number>>, label: string): number {
  return Object.hasOwn(classes, label) ? classes[label]! : 0;
}

type LeftOutReason = keyof DatasetManifest['left_out']['by_reason'];

const REASONS: Readonly<Record<LeftOutReason, string>> = {
  disagreement: 'people disagree',
  'no-image': 'the image is not stored',
  erased: 'the image was erased',
  unreadable: 'the image cannot be read',
  'between-splits': 'similar to images of two parts',
};

/** Images that are left out, by reason. @example ['3 images: people disagree'] */
export function describeLeftOut({ by_reason }: DatasetManifest['left_out']): readonly string[] {
  const entries = Object.entries(by_reason) as [LeftOutReason, number][]; // keys of the record
  return entries.map(([reason, count]) => `${pluralize(count, 'image')}: ${REASONS[reason]}`);
}
