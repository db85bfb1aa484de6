import { jobPageHash } from '../api/jobs.js';
import type { Filter } from './filter.js';

/** Moment of a job that a link names: a time, and the filter of the detections. */
export interface Moment {
  /** Seconds from the start of the video. */
  readonly timeS?: number | undefined;
  /** The only class that is shown. */
  readonly className?: string | undefined;
  /** 0 to 1. */
  readonly minConfidence?: number | undefined;
}

/** Decimals of a time in a link: milliseconds, which tell frames of 500 per second apart. */
const TIME_DECIMALS = 3;
const CONFIDENCE_DECIMALS = 2;

/** Reads a moment from the query of a link; ignores values that are invalid. */
export function parseMoment(query: URLSearchParams): Moment {
  return {
    timeS: parseNumber(query.get('t'), Infinity),
    className: query.get('class') ?? undefined,
    minConfidence: parseNumber(query.get('conf'), 1),
  };
}

/** @example formatMoment('street-1', { timeS: 22.4, className: 'dog' }) // '#/job/street-1?t=22.4&class=dog' */
export function formatMoment(eventId: string, { timeS, className, minConfidence }: Moment): string {
  const query = new URLSearchParams();
  if (timeS) query.set('t', String(Number(timeS.toFixed(TIME_DECIMALS))));
  if (className !== undefined) query.set('class', className);
  if (minConfidence !== undefined) {
    query.set('conf', String(Number(minConfidence.toFixed(CONFIDENCE_DECIMALS))));
  }
  return `${jobPageHash(eventId)}${query.size > 0 ? `?${query}` : ''}`;
}

/** Filter of a link: what differs from the page of the job without a moment. */
export function filterOfLink({ minConfidence, onlyClass }: Filter, jobConfidence: number): Moment {
  return {
    className: onlyClass,
    ...(minConfidence !== jobConfidence && { minConfidence }),
  };
}

/** Parses a number from 0 to `max`; undefined for any other text. */
export function parseNumber(text: string | null, max: number): number | undefined {
  const value = text === null || text.trim() === '' ? NaN : Number(text);
  return value >= 0 && value <= max && value < Infinity ? value : undefined;
}
