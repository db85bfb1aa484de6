import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../domain/errors.js';
import { endsLane } from '../../domain/recovery/recovery.js';
import type { Logger } from '../../runtime/logger.js';
import type { Availability } from './poll-while-available.js';

export interface GpuAvailabilityOptions {
  /** Loads the default model in all lanes. */
  readonly load: () => Promise<void>;
  readonly logger: Logger;
  /** Called with the problem and its remedy. */
  readonly onUnavailable: (reason: string) => void;
  /** Interval between attempts to load the model, in milliseconds. */
  readonly retryMs: number;
}

/** Whether the lanes of a worker can use its GPU. */
export interface GpuAvailability extends Availability {
  /** Takes the error with which the last lane ended; one that is not of the GPU is ignored. */
  readonly onUnserved: (error: unknown) => void;
}

/** Watches whether lanes can use the GPU; a worker of which no lane can must not poll. */
export function watchGpuAvailability(options: GpuAvailabilityOptions): GpuAvailability {
  const { load, logger, onUnavailable, retryMs } = options;
  let unavailable = new AbortController();
  const report = (error: unknown, message: string) => {
    const reason = messageOf(error);
    logger.error({ reason }, message);
    onUnavailable(reason);
  };
  return {
    onUnserved: (error) => {
      if (!endsLane(error) || unavailable.signal.aborted) return;
      report(error, 'no lane can use the GPU, polling stops');
      unavailable.abort();
    },
    get unavailable() {
      return unavailable.signal;
    },
    waitUntilAvailable: async (stop) => {
      while (unavailable.signal.aborted && !stop.aborted) {
        try {
          await load();
          logger.info('the lanes can use the GPU again');
          unavailable = new AbortController();
        } catch (error) {
          report(error, 'the lanes still cannot use the GPU, trying again');
          await sleep(retryMs, undefined, { signal: stop }).catch(() => {});
        }
      }
    },
  };
}
