import { BUCKETS, keys } from '../../domain/names.js';
import type { KeptImages } from '../../domain/ports/kept-images.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import type { Logger } from '../../runtime/logger.js';
import { repeatUntil } from '../../runtime/repeat-until.js';

const SWEEP_EVERY_MS = 3600 * 1000;
/** Minimum age of a removed image: one of a prediction in progress stays. */
const MIN_AGE_MS = 3600 * 1000;
const DAY_MS = 24 * 3600 * 1000;
/** Number of images that are reserved at once. */
const PAGE = 100;

export interface SweepImagesDeps {
  readonly objects: Pick<ObjectStore, 'remove'>;
  readonly images: Pick<KeptImages, 'reserveUnused' | 'forget' | 'erased'>;
  /** Days after their last use for which unpinned images are kept. */
  readonly days: number;
  readonly logger: Logger;
}

/** Removes unused images at once and hourly until `stop` aborts. */
export function sweepImagesUntil(stop: AbortSignal, deps: SweepImagesDeps): Promise<void> {
  const failure = 'unused images not removed, trying again in an hour';
  const repetition = { everyMs: SWEEP_EVERY_MS, logger: deps.logger, failure };
  return repeatUntil(stop, repetition, async () => {
    const removed = await sweepImages(deps, new Date());
    if (removed > 0) deps.logger.info({ removed }, 'unused images removed');
  });
}

/** Time after its erasure in which a prediction in progress may have stored an image again. */
const ERASED_MS = DAY_MS;

/**
 * Removes the unpinned images that were not used for the configured days; resolves with their number.
 * Their predictions keep their records. Images that were erased are removed again: a prediction in
 * progress may have stored them. Can be repeated, and run by several processes.
 */
export async function sweepImages(
  { objects, images, days }: SweepImagesDeps,
  now: Date,
): Promise<number> {
  for (const [sha256, time] of await images.erased()) {
    if (now.getTime() - time.getTime() < ERASED_MS) {
      await objects.remove(BUCKETS.pictures, keys.image(sha256));
    }
  }
  const before = new Date(now.getTime() - Math.max(days * DAY_MS, MIN_AGE_MS));
  for (let removed = 0; ;) {
    const reserved = await images.reserveUnused({ before, now, limit: PAGE });
    for (const sha256 of reserved) {
      await objects.remove(BUCKETS.pictures, keys.image(sha256));
      await images.forget(sha256);
    }
    removed += reserved.length;
    if (reserved.length === 0) return removed;
  }
}
