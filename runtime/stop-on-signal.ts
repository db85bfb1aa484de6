import type { Logger } from './logger.js';
import type { Readiness } from './readiness.js';

/**
 * Returns a signal that SIGTERM or SIGINT aborts; before this call they end the process.
 * @param message logged when the process begins to stop
 */
export function stopOnSignal(
  { logger, readiness }: { readonly logger: Logger; readonly readiness: Readiness },
  message: string,
): AbortSignal {
  const stopping = new AbortController();
  const stop = (signal: NodeJS.Signals) => {
    logger.info({ signal }, message);
    readiness.notReady('it is stopping');
    stopping.abort();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  return stopping.signal;
}
