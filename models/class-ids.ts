import { AppError } from '../domain/errors.js';
import type { Network } from './session/network.js';

/** Letters that a typed name may be off and still be offered. */
const NEAR_EDITS = 2;
const NEAR_SHOWN = 3;
const NEAR_LETTERS = 3;
const SAME_BEGINNING = 4;
/** Longer texts are not compared, as the work grows with the product of the lengths. */
const LONGEST_COMPARED = 80;

/**
 * The ids of classes that are given by name (case and outer blanks do not count) or as a number.
 * @throws AppError `INVALID_INPUT` that names the unknown class and the labels near to it.
 * @example classIdsOf(yoloxNano, ['Car', '0']) // Set { 2, 0 }
 */
export function classIdsOf(
  { name, labels }: Pick<Network, 'name' | 'labels'>,
  classes: readonly string[],
): ReadonlySet<number> {
  const ids = new Map(labels.map((label, classId) => [label.toLowerCase(), classId]));
  return new Set(
    classes.map((text) => {
      const wanted = text.trim().toLowerCase();
      const id = ids.get(wanted) ?? (/^\d+$/.test(wanted) ? Number(wanted) : -1);
      if (id >= 0 && id < labels.length) return id;
      throw unknownClass(name, labels, text, wanted);
    }),
  );
}

function unknownClass(model: string, labels: readonly string[], text: string, wanted: string) {
  const near = nearLabels(labels, wanted);
  const hint = near.length > 0 ? `did you mean ${near.map(quote).join(', ')}?` : rangeHint(labels);
  return new AppError('INVALID_INPUT', `Model ${model} has no class ${quote(text)}; ${hint}`, {
    model,
  });
}

function rangeHint(labels: readonly string[]): string {
  return `expected one of its ${labels.length} labels, such as ${labels.slice(0, 3).map(quote).join(', ')}, or an id from 0 to ${labels.length - 1}`;
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}

function nearLabels(labels: readonly string[], wanted: string): string[] {
  if (wanted.length < NEAR_LETTERS || wanted.length > LONGEST_COMPARED) return [];
  return labels
    .map((label) => ({ label, distance: distanceOf(label.toLowerCase(), wanted) }))
    .filter(({ distance }) => distance <= NEAR_EDITS)
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, NEAR_SHOWN)
    .map(({ label }) => label);
}

/** Edits between two names; a name within the other, or of the same beginning, is near as well. */
function distanceOf(label: string, wanted: string): number {
  const related =
    label.includes(wanted) ||
    wanted.includes(label) ||
    label.slice(0, SAME_BEGINNING) === wanted.slice(0, SAME_BEGINNING);
  return related ? Math.min(NEAR_EDITS, edits(label, wanted)) : edits(label, wanted);
}

/** Letters to insert, delete or replace to turn one text into the other. */
function edits(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, previous[j]! + 1, row[j - 1]! + 1));
    }
    previous = row;
  }
  return previous[b.length]!;
}
