import type { ImageRow, PredictedRow } from '../image-batch/image-row.js';
import { describeDiff } from '../result/diff/describe-diff.js';
import { createDiffCounter } from '../result/diff/diff-counts.js';
import { diffConfident, type DiffFrame, isDifferent } from '../result/diff/diff-frames.js';
import { type ImageCase, worthOfClasses, worthOfObjects } from './rescore-case.js';
import type { ClassChange, ImagesReport, PastImage } from './rescore.js';

/** Compares images one after another and counts what differs. */
export interface ImageComparison {
  /** Returns the case of an image for which the models differ; undefined for any other image. */
  readonly add: (past: PastImage, row: ImageRow) => ImageCase | undefined;
  readonly report: () => ImagesReport;
}

type Tally = { -readonly [Key in keyof ClassChange]: number };

/**
 * Creates a comparison of past predictions with those of another model: by objects if both models
 * detect them, else by the best class.
 * @param conf minimum confidence of the compared objects.
 */
export function createImageComparison(conf: number): ImageComparison {
  const counts = { total: 0, compared: 0, failed: 0, agree: 0 };
  const classes = new Map<string, Tally>();
  const objects = createDiffCounter();
  let hasObjects = false;
  const compare = (past: PastImage, row: PredictedRow): ImageCase | undefined => {
    countClasses(classes, past.class, row.class);
    const frame = frameOf(past, row, conf, counts.compared);
    if (!frame) return past.class === row.class ? undefined : classCase(past, row);
    hasObjects = true;
    objects.add(frame);
    const facts = { change: describeDiff(frame), worth: worthOfObjects(frame) };
    return isDifferent(frame) ? { ...startOf(past, row), ...facts } : undefined;
  };
  return {
    add: (past, row) => {
      counts.total++;
      if ('error' in row) return void counts.failed++;
      counts.compared++;
      const found = compare(past, row);
      if (!found) counts.agree++;
      return found;
    },
    report: () => ({
      ...counts,
      agreement: shareOf(counts.agree, counts.compared),
      classes: sortClasses(classes),
      objects: hasObjects ? objects.counts() : null,
    }),
  };
}

/** Returns a share of 0 to 1, with four decimals; null without a total. */
export function shareOf(part: number, total: number): number | null {
  return total === 0 ? null : Math.round((1e4 * part) / total) / 1e4;
}

/** Compares the objects of an image as if it were a frame; undefined if a model has none. */
function frameOf(
  { objects: a }: PastImage,
  { objects: b }: PredictedRow,
  conf: number,
  number: number,
): DiffFrame | undefined {
  if (!a || !b) return undefined;
  const diff = diffConfident({ a, b }, { a: conf, b: conf });
  return { type: 'frame', frame: number, timestamp_ms: 0, ...diff };
}

function classCase(past: PastImage, row: PredictedRow): ImageCase {
  const change = `${past.class ?? 'nothing'} → ${row.class ?? 'nothing'}`;
  return { ...startOf(past, row), change, worth: worthOfClasses(past, row) };
}

function startOf(past: PastImage, row: PredictedRow) {
  const { prediction_id, sha256 } = past;
  const answer = ({ class: name, confidence }: PastImage | PredictedRow) => ({
    ...{ class: name, confidence },
  });
  return {
    type: 'image',
    prediction_id,
    sha256,
    before: answer(past),
    after: answer(row),
  } as const;
}

function countClasses(
  classes: Map<string, Tally>,
  before: string | null,
  after: string | null,
): void {
  const of = (name: string) => {
    const tally = classes.get(name) ?? { before: 0, after: 0, both: 0 };
    classes.set(name, tally);
    return tally;
  };
  if (before !== null) of(before).before++;
  if (after !== null) of(after).after++;
  if (before !== null && before === after) of(before).both++;
}

function sortClasses(classes: ReadonlyMap<string, Tally>): ImagesReport['classes'] {
  const changes = ({ before, after, both }: Tally) => before + after - 2 * both;
  const sorted = [...classes].sort(
    ([nameA, a], [nameB, b]) =>
      changes(b) - changes(a) || b.both - a.both || (nameA < nameB ? -1 : 1),
  );
  return Object.fromEntries(sorted);
}
