import { canonicalJson } from '../hash.js';
import type { ItemContent, ItemSource, Split } from './dataset-item.js';

/** Verdict of a person on an image. */
export interface Verdict {
  /** Person; null without API keys. */
  readonly by: string | null;
  readonly content: ItemContent;
  readonly source: ItemSource;
  readonly feedback_id: string;
  readonly time: Date;
  /** Part that an import states. */
  readonly split?: Split | undefined;
}

/** Outcome of the verdicts on an image: the one that counts, or the people who disagree. */
export type Settled =
  | { readonly verdict: Verdict; readonly people?: undefined }
  | { readonly people: readonly (string | null)[]; readonly verdict?: undefined };

/**
 * Settles the verdicts on an image: the latest of each person counts, and all people must agree. Of
 * equal verdicts the first counts, so that repeated feedback changes nothing.
 */
export function settleVerdicts(verdicts: readonly Verdict[]): Settled {
  const latest = new Map<string | null, Verdict>();
  for (const verdict of verdicts.toSorted(byTime)) {
    const earlier = latest.get(verdict.by);
    if (!earlier || keyOf(earlier) !== keyOf(verdict)) latest.set(verdict.by, verdict);
  }
  const kept = [...latest.values()].sort(byTime);
  if (new Set(kept.map(keyOf)).size > 1) return { people: kept.map(({ by }) => by) };
  return { verdict: kept[0]! }; // an image has a verdict
}

/** Returns objects in a fixed order, so that equal lists have equal texts. */
export function sortObjects<T extends object>(objects: readonly T[]): T[] {
  const texts = new Map(objects.map((object) => [object, canonicalJson(object)]));
  return objects.toSorted((a, b) => (texts.get(a)! < texts.get(b)! ? -1 : 1));
}

function keyOf({ content: { label, objects } }: Verdict): string {
  return canonicalJson({ label, objects: objects && sortObjects(objects) });
}

function byTime(a: Verdict, b: Verdict): number {
  return a.time.getTime() - b.time.getTime() || (a.feedback_id < b.feedback_id ? -1 : 1);
}
