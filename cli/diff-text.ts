import type { DiffSide, DiffSummary } from '../client/index.js';
import type { ClassDiff, DiffCounts } from '../domain/result/diff/diff-counts.js';
import { describeDiff } from '../domain/result/diff/describe-diff.js';
import type { DiffRow } from '../domain/result/diff/diff-frames.js';
import { formatCount, formatTable } from './format.js';

/** Widths of the columns of frames in characters: rows are printed before the last one is known. */
const WIDTHS = [9, 11, 6];

const CLASS_HEAD = [
  ...['CLASS', 'SAME', 'CHANGED FROM', 'CHANGED TO', 'VANISHED', 'APPEARED', 'CONFIDENCE'],
];

/** Head of the table of frames. */
export const DIFF_HEAD = toColumns('FRAME', 'SECONDS', 'SAME', 'DIFFERENCE');

/** Formats a frame of a diff as a row of the table. */
export function formatDiffRow(row: DiffRow): string {
  const same = row.type === 'frame' ? String(row.same.length) : '-';
  const seconds = (row.timestamp_ms / 1000).toFixed(3);
  return toColumns(String(row.frame), seconds, same, describeDiff(row));
}

/** Formats the counts by class, and which results were compared. */
export function formatDiffSummary(summary: DiffSummary): string {
  const { a, b, frames, frames_different, frames_skipped, different_options } = summary;
  const skipped =
    frames_skipped > 0 ? ` ${formatCount(frames_skipped, 'frame')} could not be compared.` : '';
  const options =
    different_options.length > 0
      ? [`The options ${different_options.join(', ')} of the jobs are different as well.`]
      : [];
  return [
    formatDiffCounts(summary),
    '',
    formatTable([sideRow('A', a), sideRow('B', b)]),
    ...options,
    `${frames_different} of ${formatCount(frames, 'compared frame')} differ.${skipped}`,
  ].join('\n');
}

/** Formats the counts by class. */
export function formatDiffCounts(counts: DiffCounts): string {
  const { same, changed, vanished, appeared, conf_change } = counts;
  const total = { same, changed_from: changed, changed_to: changed, vanished, appeared };
  return formatTable([
    CLASS_HEAD,
    ...Object.entries(counts.by_class).map(([name, ofClass]) => classRow(name, ofClass)),
    classRow('all', { ...total, conf_change }),
  ]);
}

function classRow(name: string, counts: ClassDiff): string[] {
  const { same, changed_from, changed_to, vanished, appeared, conf_change } = counts;
  const numbers = [same, changed_from, changed_to, vanished, appeared].map(String);
  return [name, ...numbers, conf_change === null ? '-' : formatChange(conf_change)];
}

/** @example formatChange(0.0213) // '+0.021' */
function formatChange(change: number): string {
  return `${change > 0 ? '+' : ''}${change.toFixed(3)}`;
}

function sideRow(name: string, { event_id, model, conf }: DiffSide): string[] {
  return [name, `${model.name}@${model.version}`, `confidence from ${conf}`, event_id];
}

function toColumns(...cells: readonly string[]): string {
  return cells
    .map((cell, column) => cell.padEnd(WIDTHS[column] ?? 0))
    .join('  ')
    .trimEnd();
}
