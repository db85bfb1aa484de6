import { formatCount, pluralize } from '../format.js';
import type { FoundObject } from './found-objects.js';

/** Maximum number of classes that are named. */
const MAX_NAMED = 3;

/** Plurals that do not follow a rule, of the class names of COCO. */
const IRREGULAR: Readonly<Record<string, string>> = {
  ...{ person: 'people', mouse: 'mice', sheep: 'sheep', knife: 'knives', skis: 'skis' },
  ...{ scissors: 'scissors', 'wine glass': 'wine glasses', broccoli: 'broccoli' },
};

/** @example countNoun(2, 'bus') // '2 buses' */
export function countNoun(count: number, name: string): string {
  return `${formatCount(count)} ${count === 1 ? name : pluralOf(name)}`;
}

function pluralOf(name: string): string {
  const irregular = IRREGULAR[name];
  if (irregular !== undefined) return irregular;
  return /(?:s|x|ch|sh)$/.test(name) ? `${name}es` : `${name}s`;
}

/** Counts tracks by class, the most frequent first. @example '12 people, 3 cars' */
export function describeTracks(tracks: readonly FoundObject[]): string {
  const counts = new Map<string, number>();
  for (const { className } of tracks) counts.set(className, (counts.get(className) ?? 0) + 1);
  return describeCounts([...counts]);
}

/** @example describeCounts([['car', 3], ['person', 12]]) // '12 people, 3 cars' */
export function describeCounts(counts: readonly (readonly [string, number])[]): string {
  const sorted = [...counts].sort(([a, n], [b, m]) => m - n || a.localeCompare(b));
  if (sorted.length === 0) return 'No objects';
  const named = sorted.slice(0, MAX_NAMED).map(([name, count]) => countNoun(count, name));
  const rest = sorted.slice(MAX_NAMED).reduce((sum, [, count]) => sum + count, 0);
  return [...named, ...(rest > 0 ? [pluralize(rest, 'other')] : [])].join(', ');
}
