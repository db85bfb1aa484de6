import { AppError } from '../domain/errors.js';
import type { InferenceSpec } from './session/inference-spec.js';

/** Maximum edit distance between a typed name and a label that is suggested for it. */
const MAX_EDITS = 2;
/** Maximum number of suggestions. */
const MAX_SUGGESTIONS = 3;
/** Shorter texts get no suggestions. */
const MIN_LETTERS = 3;
/** Length of a common prefix that makes two names similar. */
const PREFIX_LETTERS = 4;
/** Longer texts get no suggestions: the cost grows with the product of the lengths. */
const MAX_LETTERS = 80;

/**
 * Resolves class names (ignoring case and surrounding white space) or numbers to class ids.
 * @throws AppError `INVALID_INPUT` that names the unknown class and similar labels.
 * @example classIdsOf(yoloxNano, ['Car', '0']) // Set { 2, 0 }
 */
export function classIdsOf(
  { name, labels }: Pick<InferenceSpec, 'name' | 'labels'>,
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
  const similar = similarLabels(labels, wanted);
  const hint =
    similar.length > 0 ? `did you mean ${similar.map(quote).join(', ')}?` : rangeHint(labels);
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

function similarLabels(labels: readonly string[], wanted: string): string[] {
  if (wanted.length < MIN_LETTERS || wanted.length > MAX_LETTERS) return [];
  return labels
    .map((label) => ({ label, distance: distanceOf(label.toLowerCase(), wanted) }))
    .filter(({ distance }) => distance <= MAX_EDITS)
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, MAX_SUGGESTIONS)
    .map(({ label }) => label);
}

/** Edit distance, reduced if one name contains the other or both share a prefix. */
function distanceOf(label: string, wanted: string): number {
  const related =
    label.includes(wanted) ||
    wanted.includes(label) ||
    label.slice(0, PREFIX_LETTERS) === wanted.slice(0, PREFIX_LETTERS);
  return related ? Math.min(MAX_EDITS, editDistance(label, wanted)) : editDistance(label, wanted);
}

/** Levenshtein distance (dynamic programming, one row at a time). */
function editDistance(a: string, b: string): number {
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
