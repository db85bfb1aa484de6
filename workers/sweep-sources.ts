import type { SourceCache } from '../domain/ports/scratch.js';
import type { Logger } from '../runtime/logger.js';
import { repeatUntil } from '../runtime/repeat-until.js';

interface SweepSourcesDeps {
  readonly sources: Pick<SourceCache, 'dropStale'>;
  readonly logger: Logger;
}

/**
 * Removes the copies of deleted and replaced videos from this host every `everyMs` milliseconds, until
 * `stop` aborts.
 */
export function sweepSourcesUntil(
  stop: AbortSignal,
  { sources, logger }: SweepSourcesDeps,
  everyMs: number,
): Promise<void> {
  const failure = 'copies of videos not swept, trying again';
  return repeatUntil(stop, { everyMs, logger, failure }, async () => {
    const copies = await sources.dropStale();
    if (copies > 0) logger.info({ copies }, 'copies of deleted videos dropped');
  });
}
