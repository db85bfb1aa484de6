import { parseSearch, type Search } from '../../domain/search/parse-search.js';
import { parseTimeSpan } from '../../domain/search/parse-time-span.js';
import { formatDate, formatPercent, joinFacts } from '../format.js';
import { parseNumber } from '../job/moment.js';
import type { Explored } from './explore-link.js';

/**
 * Returns the search of the page; filters replace the parts of the text.
 * @returns undefined if nothing is searched
 * @throws AppError `INVALID_INPUT` for a text that is not understood
 */
export function searchOf({ text, conf, time }: Explored, now: Date): Search | undefined {
  const { from, to, ...rest } = parseSearch(text, now);
  const inText = { ...(from && { from }), ...(to && { to }) };
  const minConf = parseNumber(conf, 1);
  const span = time === '' ? inText : parseTimeSpan(time, now).span;
  const search = { ...rest, ...(minConf !== undefined && { minConf }), ...span };
  return Object.keys(search).length > 0 ? search : undefined;
}

/** @example describeSearch({ className: 'dog', minConf: 0.5 }) // 'dog · at least 50 %' */
export function describeSearch(search: Search): string {
  const { className, minConf, videoId, scenarioUuid, from, to } = search;
  return joinFacts([
    className ?? 'any class',
    minConf !== undefined && `at least ${formatPercent(minConf)}`,
    from && `from ${formatDate(from.toISOString())}`,
    to && `until ${formatDate(to.toISOString())}`,
    videoId !== undefined && `in video ${videoId}`,
    scenarioUuid !== undefined && `of camera ${scenarioUuid}`,
  ]);
}
