import { BUCKETS } from '../../names.js';
import type { RequestOptions } from '../../ports/object-store.js';
import type { LogRef } from './fence.js';
import { type LogPart, readLayout } from './layout.js';
import { dayOf, logKeys } from './log-keys.js';
import type { SegmentHeader } from './segment.js';

/**
 * Returns the number of a row such that all entries at or after an instant follow it, at most about
 * a minute of entries too early; 0 if there is none.
 * @param instant in ms since 1970.
 */
export async function findRowBefore(
  log: LogRef,
  instant: number,
  options?: RequestOptions,
): Promise<number> {
  const layout = await readLayout(log, options);
  // A new owner may continue another base: the entries are then read from the beginning.
  if (!layout?.isSettled) return 0;
  const parts = [...layout.frozen, ...layout.own];
  const startsBefore = async (part: LogPart) =>
    part.day < dayOf(instant) || (await startOf(log, part, options)) <= instant;
  const possible = parts.filter(({ day }) => day <= dayOf(instant));
  const last = await findLast(possible, startsBefore);
  return last ? last.first - 1 : 0;
}

/** Returns the last item that passes a check, which all items before it pass as well. */
async function findLast<T>(
  items: readonly T[],
  passes: (item: T) => Promise<boolean>,
): Promise<T | undefined> {
  let [low, high] = [-1, items.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (await passes(items[middle]!)) low = middle;
    else high = middle - 1;
  }
  return items[low];
}

/** Start of an object; of one that was joined into a day meanwhile, that of its day. */
async function startOf({ store, uuid }: LogRef, part: LogPart, options?: RequestOptions) {
  const key = 'epoch' in part ? logKeys.segment(uuid, part) : logKeys.dayPart(uuid, part);
  const data = await store.find(BUCKETS.streams, key, options);
  if (!data) return Date.parse(part.day);
  const [line = ''] = data.toString('utf8', 0, HEADER_BYTES).split('\n', 1);
  return Date.parse((JSON.parse(line) as SegmentHeader).from);
}

/** Maximum size of the first line of an object. */
const HEADER_BYTES = 4096;
