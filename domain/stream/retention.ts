import type { ListedObject } from '../ports/object-store.js';
import { dayOf, parseDayPartKey, parseSegmentKey } from './log/log-keys.js';
import { parseEventKey } from './event-keys.js';

/** Days for which the objects of a scenario are kept. */
export interface KeepDays {
  /** Rows and gaps. */
  readonly rows: number;
  /** Clips and snapshots. */
  readonly clips: number;
}

const DAY_MS = 86_400_000;

/** An object of a scenario that may be removed, with the day that it is from. */
type SizedObject = Pick<ListedObject, 'key' | 'size'>;

interface RemovableObject extends SizedObject {
  readonly day: string;
  readonly kind: 'clip' | 'day' | 'segment';
}

/**
 * Selects the objects of a scenario that are older than its days.
 * @param now in ms since 1970.
 * @returns keys in the order in which they are to be removed: the first part of a joined day first,
 * because readers use a day only if they find it.
 */
export function selectExpired(
  objects: readonly SizedObject[],
  keep: KeepDays,
  now: number,
): string[] {
  const [rowsFrom, clipsFrom] = [keep.rows, keep.clips].map((days) => dayOf(now - days * DAY_MS));
  return removable(objects)
    .filter(({ day, kind }) => day < (kind === 'clip' ? clipsFrom! : rowsFrom!))
    .map(({ key }) => key);
}

/**
 * Selects objects whose removal frees some bytes: clips first, then rows of whole days, the oldest
 * first, of all scenarios together. Clips of today and rows that are not yet joined are kept.
 */
export function selectOverflow(
  objects: readonly SizedObject[],
  excessBytes: number,
  now: number,
): string[] {
  const keys: string[] = [];
  let freed = 0;
  let dayInProgress = '';
  for (const object of oldestFirst(objects, dayOf(now))) {
    if (freed >= excessBytes && folderOf(object) !== dayInProgress) break;
    dayInProgress = folderOf(object);
    keys.push(object.key);
    freed += object.size;
  }
  return keys;
}

function oldestFirst(objects: readonly SizedObject[], today: string): RemovableObject[] {
  return removable(objects)
    .filter(({ day, kind }) => kind !== 'segment' && day < today)
    .sort((a, b) => compare(a.kind, b.kind) || compare(a.day, b.day) || compare(a.key, b.key));
}

/** What is removed together: all parts of a day, or a clip alone. */
function folderOf({ kind, key }: RemovableObject): string {
  return kind === 'day' ? key.slice(0, key.lastIndexOf('/')) : key;
}

/** Room for the objects of all scenarios. */
export interface StreamRoom {
  readonly usedBytes: number;
  /** Limit of VIDETTE_STREAM_KEEP_GB; undefined for none. */
  readonly keepBytes?: number | undefined;
  /** Disk of the object store, if it is on this machine. */
  readonly disk?: { readonly freeBytes: number; readonly sizeBytes: number };
}

/** Bytes to free, so that the limit is kept and a tenth of the disk stays free. */
export function excessBytes({ usedBytes, keepBytes = Infinity, disk }: StreamRoom): number {
  const missing = disk ? disk.sizeBytes / 10 - disk.freeBytes : 0;
  return Math.max(0, Math.ceil(Math.max(usedBytes - keepBytes, missing)));
}

function removable(objects: readonly SizedObject[]): RemovableObject[] {
  return objects.flatMap((object): RemovableObject[] => {
    const { key } = object;
    const [clip, part, segment] = [parseEventKey(key), parseDayPartKey(key), parseSegmentKey(key)];
    if (clip) return [{ ...object, day: clip.day, kind: 'clip' }];
    if (part) return [{ ...object, day: part.day, kind: 'day' }];
    return segment ? [{ ...object, day: segment.day, kind: 'segment' }] : [];
  });
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
