import { AppError } from '../errors.js';

import { expectId } from './ids.js';

/** Reel of a comparison: the ids of its jobs, and the minimum confidence of each side, 0 to 1. */
export interface ReelId {
  readonly a: string;
  readonly b: string;
  readonly conf_a: number;
  readonly conf_b: number;
}

/** Prefix of the keys of the reels of a job, and of the marks of those at another one. */
export function reelPrefix(eventId: string): string {
  return `results/${expectId('an event_id', eventId)}.reel/`;
}

/** Name of a reel in keys and workflow ids. @example 'e1.e2/0.25_0.3' */
export function nameReel({ a, b, conf_a, conf_b }: ReelId): string {
  const ids = [a, b].map((id) => expectId('an event_id', id)).join('.');
  return `${ids}/${expectConf(conf_a)}_${expectConf(conf_b)}`;
}

function expectConf(conf: unknown): number {
  if (typeof conf === 'number' && conf >= 0 && conf <= 1) return conf;
  throw new AppError('INVALID_INPUT', `Expected a confidence of 0 to 1, received ${String(conf)}`);
}

const CONF = String.raw`(1|0(?:\.\d+)?|\d(?:\.\d+)?e-\d+)`;
const REEL_NAME = new RegExp(
  String.raw`^([\w-]{1,128})\.([\w-]{1,128})/${CONF}_${CONF}(?:\.mp4)?$`,
);

/** Returns the reel whose object or mark has a key; undefined for another key. */
export function reelOfKey(key: string): ReelId | undefined {
  const name = key.slice(key.indexOf('.reel/') + '.reel/'.length);
  const [, a, b, confA, confB] = REEL_NAME.exec(name) ?? [];
  if (!a || !b) return undefined;
  return { a, b, conf_a: Number(confA), conf_b: Number(confB) };
}
