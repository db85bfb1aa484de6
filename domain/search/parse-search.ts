import { AppError } from '../errors.js';
import { isId, SCENARIO_UUID } from '../names.js';
import { parseTimeSpan, type SearchSpan } from './parse-time-span.js';

/** What a text asks for; sightings must match every given field. */
export interface Search extends SearchSpan {
  readonly className?: string;
  /** 0 to 1. */
  readonly minConf?: number;
  readonly videoId?: string;
  readonly scenarioUuid?: string;
}

/** Forms that {@link parseSearch} understands. */
export const SEARCH_FORMS =
  'a class ("dog"), a confidence ("over 0.5", "over 50%"), a time ("today", "this week", ' +
  '"last 3 days", "since 2026-05-01") and a video or a camera by its id ("in street-5a0c33de9f21")';

const CONFIDENCE = /(?:(?:^|\s)(?:over|above|at least)\s+|\s*>=?\s*)(\S+)(?=\s|$)/i;
const NUMBER = /^(?:\d+(?:\.\d+)?|\.\d+)%?$/;
const PLACE = /(?:^|\s)in\s+(?:(?:video|camera)\s+)?(\S+)(?=\s|$)/i;
const QUOTED = /^(["'])(.*)\1$/;
/** Words that belong to forms which are not understood, and never to a class of one word. */
const RESERVED =
  /(?:^|\s)(over|above|under|below|in|and|or|not|between|since|before|on|last|this|<=?)(?=\s|$)/i;

/**
 * Parses a search: a class, and any of a confidence, a time and a place, in any order. Times are in
 * the local time zone.
 * @param now time to which "today" and "this week" refer
 * @throws AppError `INVALID_INPUT` that names the part that is not understood, and what is.
 * @example parseSearch('dog over 0.5 this week', now) // { className: 'dog', minConf: 0.5, from: … }
 */
export function parseSearch(text: string, now: Date): Search {
  let rest = text.trim();
  const take = (pattern: RegExp): string | undefined => {
    const found = pattern.exec(rest);
    if (!found) return undefined;
    rest = `${rest.slice(0, found.index)} ${rest.slice(found.index + found[0].length)}`.trim();
    return found[1] ?? '';
  };
  const confidence = take(CONFIDENCE);
  const time = parseTimeSpan(rest, now);
  rest = time.rest;
  const place = take(PLACE);
  return {
    ...parseClass(rest),
    ...(confidence !== undefined && { minConf: parseConfidence(confidence) }),
    ...time.span,
    ...(place !== undefined && parsePlace(place)),
  };
}

function parseConfidence(text: string): number {
  const value = NUMBER.test(text)
    ? Number(text.replace('%', '')) / (text.endsWith('%') ? 100 : 1)
    : NaN;
  if (value >= 0 && value <= 1) return value;
  throw notUnderstood(text, 'Expected a confidence of 0 to 1, or of 0% to 100%.');
}

function parsePlace(id: string): Pick<Search, 'videoId' | 'scenarioUuid'> {
  if (SCENARIO_UUID.test(id)) return { scenarioUuid: id };
  if (isId(id)) return { videoId: id };
  throw notUnderstood(id, 'Expected the id of a video or of a camera after "in".');
}

function parseClass(text: string): Pick<Search, 'className'> {
  const quoted = QUOTED.exec(text)?.[2];
  if (quoted !== undefined) return quoted === '' ? {} : { className: quoted };
  const word = RESERVED.exec(text)?.[1];
  if (word !== undefined) throw notUnderstood(word, `A search is ${SEARCH_FORMS}.`);
  const className = text.replaceAll(/\s+/g, ' ');
  return className === '' ? {} : { className };
}

function notUnderstood(part: string, expected: string): AppError {
  return new AppError('INVALID_INPUT', `"${part}" is not understood. ${expected}`);
}
