import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../domain/errors.js';
import type { SourceCache } from '../domain/ports/scratch.js';
import type { Logger } from '../runtime/logger.js';

/**
 * Removes the copies of deleted and replaced videos from this host every `everyMs` milliseconds, until
 * `stop` aborts.
 */
export async function sweepSourcesUntil(
  stop: AbortSignal,
  {
    sources,
    logger,
  }: { readonly sources: Pick<SourceCache, 'dropStale'>; readonly logger: Logger },
  everyMs: number,
): Promise<void> {
  while (!stop.aborted) {
    try {
      const copies = await sources.dropStale();
      if (copies > 0) logger.info({ copies }, 'copies of deleted videos dropped');
    } catch (error) {
      logger.warn({ reason: messageOf(error) }, 'copies of videos not swept, trying again');
    }
    await sleep(everyMs, undefined, { signal: stop, ref: false }).catch(() => undefined);
  }
}
