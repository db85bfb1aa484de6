import { BUCKETS } from '../../names.js';
import type { RequestOptions } from '../../ports/object-store.js';
import type { LogRef } from './fence.js';
import { type LogLayout, readLayout } from './layout.js';
import { type DayPartRef, logKeys, type SegmentRef } from './log-keys.js';

const PART_BYTES = 8 * 1024 ** 2;
const DAY_MS = 86_400_000;

export interface JoinOptions extends RequestOptions {
  /** Bytes after which a part of a day ends. */
  readonly partBytes?: number;
}

/** Part of a day in memory. */
interface DayPart {
  readonly ref: DayPartRef;
  readonly data: Buffer[];
  bytes: number;
}

/**
 * Joins the segments of each day that ended before the base of the newest epoch, unless a new owner
 * takes over. The entries are frozen, so each process makes the same objects of them, at any time. The first part of a day is
 * stored last, and segments are removed after that: readers use either them or all parts.
 * @returns the joined days.
 */
export async function joinDays(log: LogRef, options: JoinOptions = {}): Promise<string[]> {
  const layout = await readLayout(log, options);
  const days = layout?.isSettled ? groupByDay(layout) : new Map<string, SegmentRef[]>();
  const joined: string[] = [];
  for (const [day, segments] of days) {
    if (await joinDay(log, day, segments, options)) joined.push(day);
  }
  return joined;
}

/** Segments of the days that are over, by day. */
function groupByDay({ frozen, base }: LogLayout): Map<string, SegmentRef[]> {
  const days = new Map<string, SegmentRef[]>();
  for (const part of frozen) {
    if (!('epoch' in part) || Date.parse(part.day) + DAY_MS > base.accounted_to) continue;
    days.set(part.day, [...(days.get(part.day) ?? []), part]);
  }
  return days;
}

/** Returns false if another process has joined the day in the meantime. */
async function joinDay(
  log: LogRef,
  day: string,
  segments: readonly SegmentRef[],
  options: JoinOptions,
): Promise<boolean> {
  const { partBytes = PART_BYTES } = options;
  const first = emptyPart(day, 0, segments[0]!.first);
  let last = first;
  for (const segment of segments) {
    const key = logKeys.segment(log.uuid, segment);
    const data = await log.store.find(BUCKETS.streams, key, options);
    if (!data) return false;
    if (last.bytes >= partBytes) {
      if (last !== first) await putPart(log, last, options);
      last = emptyPart(day, last.ref.part + 1, segment.first);
    }
    last.data.push(data);
    last.bytes += data.length;
  }
  if (last !== first) await putPart(log, last, options);
  await putPart(log, first, options);
  await removeSegments(log, segments, options);
  return true;
}

function emptyPart(day: string, part: number, first: number): DayPart {
  return { ref: { day, part, first }, data: [], bytes: 0 };
}

async function putPart({ store, uuid }: LogRef, { ref, data }: DayPart, options?: RequestOptions) {
  await store.put(BUCKETS.streams, logKeys.dayPart(uuid, ref), Buffer.concat(data), options);
}

async function removeSegments(
  { store, uuid }: LogRef,
  segments: readonly SegmentRef[],
  options?: RequestOptions,
): Promise<void> {
  for (const segment of segments) {
    await store.remove(BUCKETS.streams, logKeys.segment(uuid, segment), options);
  }
}
