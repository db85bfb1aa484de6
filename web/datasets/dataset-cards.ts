import type { Retraining } from '../../api/types.js';
import { type Child, element, icon } from '../dom.js';
import { exportUrl, type ListedDataset } from '../api/datasets.js';
import { formatDate, joinFacts } from '../format.js';
import { modelHash } from '../models/model-text.js';
import { card } from '../parts/card.js';
import { entryList } from '../parts/entry-list.js';
import { scrolledTable } from '../parts/scrolled-table.js';
import { factList } from '../system/facts.js';
import type { DatasetState } from './dataset-state.js';
import {
  countRows,
  datasetHash,
  describeContents,
  describeLeftOut,
  describeOrigin,
} from './dataset-text.js';

const COLUMNS = ['', 'Training', 'Validation', 'Test', 'Total'];

/** Card with the number of images and of each class by part. */
export function contentsCard({ dataset }: DatasetState): HTMLElement {
  return card('Contents', scrolledTable('Contents', COLUMNS, countRows(dataset)));
}

/** Card with what a version was made from, and what was trained on it. */
export function lineageCard({ dataset, retrainings }: DatasetState): HTMLElement {
  const { name, parent, left_out, sha256, created_at, by } = dataset;
  const leftOut = describeLeftOut(left_out);
  const facts: readonly (readonly [string, Child])[] = [
    ['Made from', describeOrigin(dataset)],
    ['Built', joinFacts([formatDate(created_at), by])],
    ['Version before', parent ? versionLink(name, parent.version) : 'none, this is the first'],
    ['Left out', leftOut.length > 0 ? lines(leftOut) : 'no image'],
    [
      'Trained on it',
      retrainings.length > 0
        ? lines(retrainings.map(retrainingLine))
        : 'no model, as far as Temporal keeps their runs',
    ],
    ['SHA-256', element('code', { class: 'text-break' }, sha256)],
  ];
  return card('Origin and use', factList(facts));
}

function lines(contents: readonly Child[]): HTMLElement {
  return element('div', {}, ...contents.map((line) => element('div', {}, line)));
}

function retrainingLine({ model, status, stage, version, decision }: Retraining): HTMLElement {
  const outcome = decision ? (decision.promote ? 'promoted' : 'rejected') : stage;
  const result = version === null ? status : `version ${version}, ${outcome}`;
  return element('span', {}, element('a', { href: modelHash(model) }, model), `: ${result}`);
}

const versionLink = (name: string, version: number) =>
  element('a', { href: datasetHash(name, version) }, `version ${version}`);

const FORMATS = {
  detect: [
    ['coco', 'COCO'],
    ['yolo', 'YOLO'],
    ['jsonl', 'JSON lines'],
  ],
  classify: [
    ['folder', 'Folders of classes'],
    ['jsonl', 'JSON lines'],
  ],
} as const;

/** Card with links to the zips of a version, each with all images. */
export function exportCard({ dataset }: DatasetState): HTMLElement {
  const links = FORMATS[dataset.task].map(([format, title]) => {
    const attributes = { href: exportUrl(dataset, format), download: true };
    const style = { class: 'btn btn-sm btn-outline-secondary' };
    return element('a', { ...style, ...attributes }, icon('download'), ` ${title}`);
  });
  return card('Export with images', element('div', { class: 'job-actions' }, ...links));
}

/** Card with all versions of a data set, the newest first. */
export function versionsCard({ dataset, versions }: DatasetState): HTMLElement {
  const entries = versions.map((each) => entryOf(each, each.version === dataset.version));
  return card('Versions', entryList(entries, `Versions of ${dataset.name}`));
}

function entryOf(dataset: ListedDataset, isShown: boolean) {
  const { name, version, created_at, by } = dataset;
  return {
    id: String(version),
    title: element(
      'a',
      { href: datasetHash(name, version), 'aria-current': isShown && 'page' },
      `Version ${version}`,
    ),
    facts: [describeContents(dataset), joinFacts([formatDate(created_at), by])],
    badges: isShown ? ['shown'] : [],
  };
}
