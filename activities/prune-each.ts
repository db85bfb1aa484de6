import { log } from '@temporalio/activity';
import type { PrunedData } from '../domain/job/deletion.js';
import type { Beat } from './heartbeat.js';

interface Pruning<T> {
  /** What is pruned, for the log. @example 'rescoring' */
  readonly what: string;
  readonly found: AsyncIterable<T>;
  readonly idOf: (each: T) => string;
  /** Returns the number of removed objects; undefined if it is kept, because it is running. */
  readonly prune: (each: T) => Promise<number | undefined>;
}

/** Prunes one after the other; one that cannot be removed does not stop the others. */
export async function pruneEach<T>(
  { what, found, idOf, prune }: Pruning<T>,
  { signal }: Beat,
): Promise<PrunedData> {
  const counts = { pruned: 0, failed: 0 };
  // Listed before anything is removed.
  for (const each of await Array.fromAsync(found)) {
    signal.throwIfAborted();
    const id = idOf(each);
    try {
      const objects = await prune(each);
      if (objects === undefined) continue;
      counts.pruned += 1;
      log.info(`${what} pruned`, { id, objects });
    } catch (error) {
      signal.throwIfAborted();
      log.warn(`${what} not pruned`, { id, reason: String(error) });
      counts.failed += 1;
    }
  }
  return counts;
}
