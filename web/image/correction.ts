import type { Box } from './box-geometry.js';

/** An object of a prediction, or one that a person sees. */
export interface SeenObject {
  readonly class: string;
  readonly box: Box;
}

/** How objects differ from those that were found; classes by name. */
export interface Correction {
  readonly moved: readonly string[];
  readonly renamed: readonly string[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

type IsSame = (found: SeenObject, seen: SeenObject) => boolean;

const sameClass: IsSame = (found, seen) => found.class === seen.class;
const sameBox: IsSame = (found, seen) => found.box.every((edge, i) => edge === seen.box[i]);

/** Compares what was found with what a person sees. */
export function correctionOf(
  found: readonly SeenObject[],
  seen: readonly SeenObject[],
): Correction {
  const kept = pair(found, seen, (a, b) => sameClass(a, b) && sameBox(a, b));
  const renamed = pair(kept.found, kept.seen, sameBox);
  const moved = pair(renamed.found, renamed.seen, sameClass);
  return {
    moved: moved.pairs.map(([{ class: name }]) => name),
    renamed: renamed.pairs.map(([from, to]) => `${from.class} → ${to.class}`),
    added: moved.seen.map(({ class: name }) => name),
    removed: moved.found.map(({ class: name }) => name),
  };
}

/** Takes out what is the same on both sides, each at most once. */
function pair(found: readonly SeenObject[], seen: readonly SeenObject[], isSame: IsSame) {
  const pairs: (readonly [SeenObject, SeenObject])[] = [];
  const rest = [...seen];
  const lone = found.filter((object) => {
    const at = rest.findIndex((other) => isSame(object, other));
    const [other] = at < 0 ? [] : rest.splice(at, 1);
    if (other) pairs.push([object, other]);
    return !other;
  });
  return { pairs, found: lone, seen: rest };
}

/**
 * A correction in words.
 * @example describeCorrection({ moved: ['person', 'person'], added: ['car'], … })
 * // 'moved 2 × person; added car'
 */
export function describeCorrection(correction: Correction): string {
  const kinds = ['moved', 'renamed', 'added', 'removed'] as const;
  const parts = kinds
    .filter((kind) => correction[kind].length > 0)
    .map((kind) => `${kind} ${counted(correction[kind])}`);
  return parts.length > 0 ? parts.join('; ') : 'right as it was';
}

function counted(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, n]) => (n > 1 ? `${n} × ${name}` : name)).join(', ');
}
