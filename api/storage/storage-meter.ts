import { messageOf } from '../../domain/errors.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import type { Logger } from '../../runtime/logger.js';
import { measureStorage, type StoredBytes } from './measure-storage.js';

/** Minimum time between two measurements, in milliseconds. */
const PAUSE_MS = 30_000;
/** A measurement lists every object: the pause is this many times as long as the last one took. */
const PAUSE_FACTOR = 20;

/** Measures storage in the background, when it is read and the last measurement is old. */
export interface StorageMeter {
  /** The last measurement; undefined before the first one is done. */
  read(): StoredBytes | undefined;
}

export function createStorageMeter(
  objects: Pick<ObjectStore, 'listSizes'>,
  logger: Pick<Logger, 'warn'>,
  now: () => number = Date.now,
): StorageMeter {
  let last: StoredBytes | undefined;
  let nextAt = 0;
  const measure = async () => {
    const start = now();
    nextAt = Infinity;
    try {
      last = await measureStorage(objects, new Date(start));
    } catch (error) {
      logger.warn({ reason: messageOf(error) }, 'storage not measured, trying again');
    }
    nextAt = now() + Math.max(PAUSE_MS, PAUSE_FACTOR * (now() - start));
  };
  return {
    read: () => {
      if (now() >= nextAt) void measure();
      return last;
    },
  };
}
