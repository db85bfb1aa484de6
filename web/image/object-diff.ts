import type { Box } from './box-geometry.js';

/** Object in an image, predicted or drawn by a user. */
export interface ImageObject {
  readonly class: string;
  readonly box: Box;
}

/** Differences between predicted and corrected objects, as class names. */
interface ObjectDiff {
  readonly moved: readonly string[];
  readonly renamed: readonly string[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

type IsSame = (found: ImageObject, corrected: ImageObject) => boolean;

const sameClass: IsSame = (found, corrected) => found.class === corrected.class;
const sameBox: IsSame = (found, corrected) =>
  found.box.every((edge, i) => edge === corrected.box[i]);

/** Compares predicted with corrected objects. */
export function diffObjects(
  found: readonly ImageObject[],
  corrected: readonly ImageObject[],
): ObjectDiff {
  const kept = matchObjects(found, corrected, (a, b) => sameClass(a, b) && sameBox(a, b));
  const renamed = matchObjects(kept.found, kept.corrected, sameBox);
  const moved = matchObjects(renamed.found, renamed.corrected, sameClass);
  return {
    moved: moved.pairs.map(([{ class: name }]) => name),
    renamed: renamed.pairs.map(([from, to]) => `${from.class} → ${to.class}`),
    added: moved.corrected.map(({ class: name }) => name),
    removed: moved.found.map(({ class: name }) => name),
  };
}

/** Pairs equal objects of both lists, each at most once, and returns the unpaired rest. */
function matchObjects(
  found: readonly ImageObject[],
  corrected: readonly ImageObject[],
  isSame: IsSame,
) {
  const pairs: (readonly [ImageObject, ImageObject])[] = [];
  const rest = [...corrected];
  const unpaired = found.filter((object) => {
    const at = rest.findIndex((other) => isSame(object, other));
    const [other] = at < 0 ? [] : rest.splice(at, 1);
    if (other) pairs.push([object, other]);
    return !other;
  });
  return { pairs, found: unpaired, corrected: rest };
}

/**
 * Describes differences in words.
 * @example describeDiff({ moved: ['person', 'person'], added: ['car'], … })
 * // 'moved 2 × person; added car'
 */
export function describeDiff(correction: ObjectDiff): string {
  const kinds = ['moved', 'renamed', 'added', 'removed'] as const;
  const parts = kinds
    .filter((kind) => correction[kind].length > 0)
    .map((kind) => `${kind} ${countNames(correction[kind])}`);
  return parts.length > 0 ? parts.join('; ') : 'unchanged';
}

function countNames(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, n]) => (n > 1 ? `${n} × ${name}` : name)).join(', ');
}
