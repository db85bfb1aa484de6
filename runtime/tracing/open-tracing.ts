import type { Logger } from '../logger.js';
import type { Tracing, TracingSettings } from './tracing.js';

/**
 * Starts tracing of a process; undefined, without loading anything, if no receiver is configured.
 * @param service Name of the process in traces.
 */
export async function openTracing(
  service: string,
  settings: TracingSettings | undefined,
  logger: Logger,
): Promise<Tracing | undefined> {
  if (!settings) return undefined;
  const { createTracing } = await import('./create-tracing.js');
  const tracing = createTracing(service, settings, logger);
  logger.info(settings, 'traces are sent');
  return tracing;
}
