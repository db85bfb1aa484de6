import { AppError } from '../../errors.js';
import { BUCKETS } from '../../names.js';
import type { ObjectStore, RequestOptions } from '../../ports/object-store.js';
import { logKeys, parseFenceKey } from './log-keys.js';

/** Operations of an object store that a log needs; a read must show every write that has ended. */
export type LogStore = Pick<ObjectStore, 'put' | 'find' | 'list' | 'remove'>;

/** Log of a scenario in a store. */
export interface LogRef {
  readonly store: LogStore;
  readonly uuid: string;
}

/** Segments of an epoch that belong to the log: the first ones, by their index. */
export interface OldEpoch {
  readonly epoch: string;
  readonly segments: number;
}

/** What an epoch continues, written once: all older entries of the log are frozen from then on. */
export interface LogBase {
  /** Epochs with older segments, oldest first; those whose days were joined are left out. */
  readonly lineage: readonly OldEpoch[];
  /** Number of the first row after those segments. */
  readonly next: number;
  /** End of those segments, or start of a new log, in ms since 1970. */
  readonly accounted_to: number;
}

/** Epochs of a log. */
export interface Fences {
  /** Newest epoch with an owner; undefined for a log without one. */
  readonly opened: string | undefined;
  /** Newest epoch whose base is known. If it is not `opened`, a take-over is in progress. */
  readonly based: string | undefined;
}

/** Reads which epochs own a log. */
export async function readFences({ store, uuid }: LogRef, options?: RequestOptions) {
  const newest: { open?: string; base?: string } = {};
  for await (const key of store.list(BUCKETS.streams, logKeys.fences(uuid), options)) {
    const fence = parseFenceKey(key);
    if (fence && fence.epoch > (newest[fence.kind] ?? '')) newest[fence.kind] = fence.epoch;
  }
  return { opened: newest.open, based: newest.base } satisfies Fences;
}

/**
 * Checks that an epoch is the newest. Entries that were read or stored before this check belong to
 * the log: a later owner opens its epoch first, and so reads them.
 * @throws AppError `SCENARIO_TAKEN_OVER` if a newer epoch has an owner.
 */
export async function expectNewest(log: LogRef, epoch: string, options?: RequestOptions) {
  const { opened = epoch } = await readFences(log, options);
  if (opened > epoch) throw takenOver(log, epoch, opened);
}

/** Error of an owner whose epoch is not the newest. */
export function takenOver({ uuid }: LogRef, epoch: string, opened: string): AppError {
  return new AppError(
    'SCENARIO_TAKEN_OVER',
    `Epoch ${epoch} of the scenario ${uuid} was taken over by epoch ${opened}: ` +
      'this process stores no more rows. The process of that epoch continues the scenario.',
    { scenario_uuid: uuid, epoch, opened },
  );
}

/** Reads the base of an epoch; undefined if it was removed in the meantime. */
export async function readBase({ store, uuid }: LogRef, epoch: string, options?: RequestOptions) {
  const data = await store.find(BUCKETS.streams, logKeys.base(uuid, epoch), options);
  return data && (JSON.parse(data.toString('utf8')) as LogBase);
}
