import { BUCKETS } from '../../names.js';
import type { RequestOptions } from '../../ports/object-store.js';
import { type LogBase, type LogRef, type LogStore, readBase, readFences } from './fence.js';
import {
  type DayPartRef,
  logKeys,
  orderOf,
  parseDayPartKey,
  parseSegmentKey,
  type SegmentRef,
} from './log-keys.js';

/** Stored object of a log with complete segments. */
export type LogPart = SegmentRef | DayPartRef;

/** Objects of a log at one moment. */
export interface LogLayout {
  /** Newest epoch with a base. */
  readonly epoch: string;
  readonly base: LogBase;
  /**
   * Whether no newer owner had begun after everything was listed: then all of it belongs to the log.
   * Otherwise that owner may continue another base, and nothing may be shown.
   */
  readonly isSettled: boolean;
  /** Objects with entries before the base, which never change, in the order of the log. */
  readonly frozen: readonly LogPart[];
  /** Segments of `epoch`, by index. */
  readonly own: readonly SegmentRef[];
}

export interface LayoutOptions extends RequestOptions {
  /** Only objects after this one. */
  readonly after?: LogPart | undefined;
}

/** Lists the objects of a log; undefined for a log without a base. */
export async function readLayout(
  log: LogRef,
  { after, ...options }: LayoutOptions = {},
): Promise<LogLayout | undefined> {
  for (;;) {
    const { based: epoch } = await readFences(log, options);
    if (epoch === undefined) return undefined;
    const base = await readBase(log, epoch, options);
    if (!base) continue; // a newer owner removed it
    const parts = await listParts(log, epoch, base, { ...options, after });
    const { opened } = await readFences(log, options);
    return { epoch, base, isSettled: opened === epoch, ...parts };
  }
}

/** Lists segments before days, because a day is stored before its segments are removed. */
async function listParts(log: LogRef, epoch: string, base: LogBase, options: LayoutOptions) {
  const segments = await listSegments(log, options);
  const dayParts = await listDayParts(log, options);
  const joined = new Set(dayParts.map(({ day }) => day));
  const old = segments.filter((ref) => isInLineage(ref, base) && !joined.has(ref.day));
  const frozen = [...old, ...dayParts].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
  return { frozen, own: ownSegments(segments, epoch, options.after) };
}

/** Whether a segment is part of what a base continues. */
export function isInLineage({ epoch, index }: SegmentRef, { lineage }: LogBase): boolean {
  return lineage.some((old) => old.epoch === epoch && index < old.segments);
}

/** Segments of an epoch up to the first missing one, from the one after `after`. */
function ownSegments(segments: readonly SegmentRef[], epoch: string, after?: LogPart) {
  const start = after && 'epoch' in after && after.epoch === epoch ? after.index + 1 : 0;
  const own = segments.filter((ref) => ref.epoch === epoch).sort((a, b) => a.index - b.index);
  return own.filter(({ index }, rank) => index === start + rank);
}

/** Lists all segments of a log, also those that are not part of it. */
export async function listSegments(
  { store, uuid }: LogRef,
  { after, signal }: LayoutOptions = {},
): Promise<SegmentRef[]> {
  const prefix = logKeys.segments(uuid);
  const from = after && { after: `${prefix}${orderOf(after)}.jsonl` };
  const keys = store.list(BUCKETS.streams, prefix, { signal, ...from });
  return collect(keys, parseSegmentKey);
}

/** Lists the parts of days that are joined completely: the first part is stored last. */
async function listDayParts({ store, uuid }: LogRef, { after, signal }: LayoutOptions) {
  const prefix = logKeys.days(uuid);
  const from = after && { after: `${prefix}${after.day}` };
  const keys = store.list(BUCKETS.streams, prefix, { signal, ...from });
  const parts = await collect(keys, parseDayPartKey);
  const complete = new Set(parts.filter(({ part }) => part === 0).map(({ day }) => day));
  return parts.filter((ref) => complete.has(ref.day) && (!after || orderOf(ref) > orderOf(after)));
}

async function collect<T>(
  keys: ReturnType<LogStore['list']>,
  parse: (key: string) => T | undefined,
): Promise<T[]> {
  const refs: T[] = [];
  for await (const key of keys) {
    const ref = parse(key);
    if (ref) refs.push(ref);
  }
  return refs;
}
