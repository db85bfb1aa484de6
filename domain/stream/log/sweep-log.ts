import { BUCKETS } from '../../names.js';
import type { RequestOptions } from '../../ports/object-store.js';
import { expectNewest, type LogBase, type LogRef, readBase } from './fence.js';
import { isInLineage, listSegments } from './layout.js';
import { logKeys, parseChunkKey, parseFenceKey } from './log-keys.js';

/**
 * Removes what older owners left: their fences, their chunks, segments of theirs that are not part
 * of the log, and segments of joined days. For the newest owner, whose base is stored: a later owner
 * continues that base, and reads nothing of what is removed here.
 * @returns the number of removed objects.
 * @throws AppError `SCENARIO_TAKEN_OVER` if another owner has begun.
 */
export async function sweepLog(
  log: LogRef,
  epoch: string,
  options?: RequestOptions,
): Promise<number> {
  const base = await readBase(log, epoch, options);
  await expectNewest(log, epoch, options);
  if (!base) return 0;
  const keys = [
    ...(await oldKeys(log, logKeys.fences(log.uuid), parseFenceKey, epoch, options)),
    ...(await oldKeys(log, logKeys.chunks(log.uuid), parseChunkKey, epoch, options)),
    ...(await uselessSegments(log, epoch, base, options)),
  ];
  for (const key of keys) await log.store.remove(BUCKETS.streams, key, options);
  return keys.length;
}

/** Keys of older epochs under a prefix. */
async function oldKeys(
  { store }: LogRef,
  prefix: string,
  parse: (key: string) => { readonly epoch: string } | undefined,
  epoch: string,
  options?: RequestOptions,
): Promise<string[]> {
  const old: string[] = [];
  for await (const key of store.list(BUCKETS.streams, prefix, options)) {
    const ref = parse(key);
    if (ref && ref.epoch < epoch) old.push(key);
  }
  return old;
}

/** Keys of the segments of older epochs that the base does not continue. */
async function uselessSegments(
  log: LogRef,
  epoch: string,
  base: LogBase,
  options?: RequestOptions,
): Promise<string[]> {
  const segments = await listSegments(log, options);
  return segments
    .filter((ref) => ref.epoch < epoch && !isInLineage(ref, base))
    .map((ref) => logKeys.segment(log.uuid, ref));
}
