import { STALE_MS, sweepFolders } from '../../adapters/scratch/own-folder.js';
import { messageOf } from '../../domain/errors.js';
import type { Logger } from '../../runtime/logger.js';

/** What was killed just now is seen to be gone in the next turn. */
const SWEEP_EVERY_MS = STALE_MS + 5000;

/** Removes folders in `parent` of APIs that were killed, now and then each 20 s, until it is ended. */
export function startSweepingFolders(parent: string, logger: Logger): () => void {
  const sweep = () =>
    sweepFolders(parent).catch((error: unknown) =>
      logger.warn({ reason: messageOf(error) }, 'folders were not swept, trying again'),
    );
  void sweep();
  const timer = setInterval(() => void sweep(), SWEEP_EVERY_MS);
  return () => clearInterval(timer);
}
