import { parseNumber } from '../job/moment.js';

/** Comparison that a link names. */
export interface DiffLink {
  /** Event ids of the two jobs. */
  readonly a: string;
  readonly b: string;
  /** Minimum confidences, 0 to 1; default: those of the jobs. */
  readonly confA?: number | undefined;
  readonly confB?: number | undefined;
  /** Seconds from the start of the video. */
  readonly timeS?: number | undefined;
}

/** Decimals of a time in a link: milliseconds. */
const TIME_DECIMALS = 3;
const CONFIDENCE_DECIMALS = 2;

/** Reads a comparison from the query of a link; undefined if it does not name two jobs. */
export function parseDiffLink(query: URLSearchParams): DiffLink | undefined {
  const [a, b] = [query.get('a'), query.get('b')];
  if (!a || !b) return undefined;
  return {
    ...{ a, b },
    confA: parseNumber(query.get('conf_a'), 1),
    confB: parseNumber(query.get('conf_b'), 1),
    timeS: parseNumber(query.get('t'), Infinity),
  };
}

/** @example formatDiffLink({ a: 'street-1', b: 'street-2', timeS: 2 }) // '#/diff?a=street-1&b=street-2&t=2' */
export function formatDiffLink({ a, b, confA, confB, timeS }: DiffLink): string {
  const query = new URLSearchParams({ a, b });
  const numbers = [
    ['conf_a', confA, CONFIDENCE_DECIMALS],
    ['conf_b', confB, CONFIDENCE_DECIMALS],
    ['t', timeS || undefined, TIME_DECIMALS],
  ] as const;
  for (const [name, value, decimals] of numbers) {
    if (value !== undefined) query.set(name, String(Number(value.toFixed(decimals))));
  }
  return `#/diff?${query}`;
}
