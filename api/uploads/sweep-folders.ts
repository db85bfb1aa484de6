import { dirname } from 'node:path';
import { STALE_MS, sweepFolders } from '../../adapters/scratch/own-folder.js';
import { messageOf } from '../../domain/errors.js';
import type { Logger } from '../../runtime/logger.js';

/** Interval between sweeps: the folder of a killed API is stale by the next one. */
const SWEEP_EVERY_MS = STALE_MS + 5000;

/**
 * Removes folders of killed APIs beside `opened`, at once and periodically; returns a function to stop.
 */
export function startSweepingFolders(opened: string, logger: Logger): () => void {
  const sweep = () =>
    sweepFolders(dirname(opened), opened).catch((error: unknown) =>
      logger.warn({ reason: messageOf(error) }, 'sweeping folders failed, trying again'),
    );
  void sweep();
  const timer = setInterval(() => void sweep(), SWEEP_EVERY_MS);
  return () => clearInterval(timer);
}
