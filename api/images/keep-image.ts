import { hasCode, messageOf } from '../../domain/errors.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { KeptImages } from '../../domain/ports/kept-images.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import type { Logger } from '../../runtime/logger.js';
import type { Metrics } from '../metrics/index.js';
import type { ImageFile } from './sources.js';

/** Time for which no image is stored after a store did not answer, in milliseconds. */
const AWAY_MS = 5000;
/** Maximum time that a prediction waits for its image to be stored, in milliseconds. */
const KEEP_MS = 3000;

export interface ImageKeeperDeps {
  readonly objects: Pick<ObjectStore, 'putFile'>;
  readonly images: Pick<KeptImages, 'use'>;
  /** Days for which images are kept; 0: never. */
  readonly days: number;
  readonly metrics: Pick<Metrics, 'kept'>;
  readonly logger: Logger;
  /** Default: 3 s. */
  readonly timeoutMs?: number;
}

/** Stores the image of a prediction; resolves with whether it is kept, and never rejects. */
export type KeepImage = (file: ImageFile, signal: AbortSignal) => Promise<boolean>;

/** Creates a function that keeps images; a store that is unavailable must not fail a prediction. */
export function createImageKeeper(deps: ImageKeeperDeps): KeepImage {
  const { objects, images, metrics, logger, timeoutMs = KEEP_MS } = deps;
  if (deps.days === 0) return () => Promise.resolve(false);
  const store = async ({ path, sha256, mediaType }: ImageFile, signal: AbortSignal) => {
    if (!(await images.use(sha256, new Date()))) return false;
    const options = { contentType: mediaType, signal };
    await objects.putFile(BUCKETS.pictures, keys.image(sha256), path, options);
    return true;
  };
  let awayUntil = 0;
  return async (file, signal) => {
    // Each prediction would wait for the timeout.
    if (Date.now() < awayUntil) {
      metrics.kept('failed');
      return false;
    }
    try {
      const kept = await store(file, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
      metrics.kept(kept ? 'kept' : 'failed');
      return kept;
    } catch (error) {
      if (signal.aborted) return false;
      if (isUnavailable(error)) awayUntil = Date.now() + AWAY_MS;
      metrics.kept('failed');
      logger.warn({ sha256: file.sha256, reason: messageOf(error) }, 'image not kept');
      return false;
    }
  };
}

/** Whether a store did not answer, or not in time. */
function isUnavailable(error: unknown): boolean {
  if (hasCode(error, 'SERVER_UNAVAILABLE')) return true;
  return error instanceof DOMException && error.name === 'TimeoutError';
}
