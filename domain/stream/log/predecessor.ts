import type { LogEnd } from '../ledger.js';
import { BUCKETS } from '../../names.js';
import type { RequestOptions } from '../../ports/object-store.js';
import { readChunks } from './chunk-reader.js';
import type { LogBase, LogRef, OldEpoch } from './fence.js';
import { entriesAfter } from './journal.js';
import { type LogLayout, listSegments, readLayout } from './layout.js';
import { logKeys } from './log-keys.js';
import { endOf, type NumberedStretch, readSegments } from './segment.js';

/** Reads what this host recorded of an epoch, stored or not, in its order. */
export type JournalReader = (epoch: string) => Promise<readonly NumberedStretch[]>;

/** Log that a new owner continues. */
export interface Predecessor {
  readonly layout: LogLayout;
  /** End of its segments. */
  readonly end: LogEnd;
  /** Entries after its segments. */
  readonly rest: readonly NumberedStretch[];
}

/**
 * Reads the log of the newest epoch with a base, whose owner may still be writing; undefined for a
 * log without one. Starts again if that owner stores a segment in the meantime, because it then
 * removes the chunks of it.
 */
export async function readPredecessor(
  log: LogRef,
  readJournal: JournalReader,
  options?: RequestOptions,
): Promise<Predecessor | undefined> {
  for (;;) {
    const layout = await readLayout(log, options);
    if (!layout) return undefined;
    const { epoch, own } = layout;
    const chunks = await readChunks(log, { epoch, segment: own.length, known: 0 }, options);
    const end = await readSegmentsEnd(log, layout, options);
    if (!chunks || !end || (await hasNextSegment(log, layout, options))) continue;
    const last = chunks.at(-1);
    const unsaved = entriesAfter(await readJournal(epoch), last ? endOf(last) : end);
    return { layout, end, rest: [...chunks, ...unsaved] };
  }
}

/** Returns the end of what is stored of a log; undefined for a log without a base. */
export async function readStoredEnd(
  log: LogRef,
  options?: RequestOptions,
): Promise<LogEnd | undefined> {
  const predecessor = await readPredecessor(log, () => Promise.resolve([]), options);
  const last = predecessor?.rest.at(-1);
  return last ? endOf(last) : predecessor?.end;
}

/** Returns the base of an epoch that continues a log. */
export function baseAfter({ layout, end }: Predecessor): LogBase {
  const { epoch, own, base, frozen } = layout;
  const isListed = (old: OldEpoch) =>
    frozen.some((part) => 'epoch' in part && part.epoch === old.epoch);
  const newest = own.length > 0 ? [{ epoch, segments: own.length }] : [];
  const lineage = [...base.lineage.filter(isListed), ...newest];
  return { lineage, next: end.next, accounted_to: end.accountedTo };
}

/** Reads the end of the last segment; undefined if it was removed, because a newer base exists. */
async function readSegmentsEnd(
  { store, uuid }: LogRef,
  { own, base }: LogLayout,
  options?: RequestOptions,
): Promise<LogEnd | undefined> {
  const last = own.at(-1);
  if (!last) return { next: base.next, accountedTo: base.accounted_to };
  const data = await store.find(BUCKETS.streams, logKeys.segment(uuid, last), options);
  const [segment] = data ? readSegments(data) : [];
  return segment && endOf(segment);
}

async function hasNextSegment(log: LogRef, { epoch, own }: LogLayout, options?: RequestOptions) {
  const segments = await listSegments(log, { ...options, after: own.at(-1) });
  return segments.some((ref) => ref.epoch === epoch && ref.index === own.length);
}
