import type { Logger } from '../runtime/logger.js';

type LogBatchSize = (model: string, batch: number, reason: string) => void;

/** Returns a function that logs each reduced batch size once: all lanes of a model report the same. */
export function createBatchSizeLog(logger: Logger): LogBatchSize {
  const logged = new Set<string>();
  return (model, batch, reason) => {
    const key = `${model} ${batch}`;
    if (logged.has(key)) return;
    logged.add(key);
    logger.warn({ model, batch, reason }, 'fewer frames in one inference than asked for');
  };
}
