import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode, messageOf } from '../../domain/errors.js';
import type { ModelRef } from '../../domain/model/model-manifest.js';
import type { ModelFiles, ModelRegistry } from '../../domain/ports/model-registry.js';
import type { Logger } from '../../runtime/logger.js';

export interface ModelAvailabilityOptions {
  readonly logger: Logger;
  /** Called with what is wrong and what to do, each time that it changes. */
  readonly onUnavailable: (reason: string) => void;
  /** Interval between looks at a model that is missing, in milliseconds. */
  readonly retryMs: number;
}

/** Closed while a listed model's stored file is missing or damaged. */
export interface ModelAvailability {
  /** Model files whose failures close the gate. */
  readonly files: ModelFiles;
  /** Aborted when the gate closes; another signal after it was opened. */
  readonly unavailable: AbortSignal;
  /** Looks every `retryMs` until each model is there, or is in the catalogue no more, or `stop` aborts. */
  waitUntilAvailable(stop: AbortSignal): Promise<void>;
}

/** Watches `files`: what is missing there is missing for every job of the model. */
export function watchModelAvailability(
  files: ModelFiles,
  registry: Pick<ModelRegistry, 'resolve'>,
  options: ModelAvailabilityOptions,
): ModelAvailability {
  const { retryMs } = options;
  const missing = new Map<string, ModelRef>();
  let closing = new AbortController();
  return {
    files: {
      fetch: async (model) => {
        try {
          return await files.fetch(model);
        } catch (error) {
          if (hasCode(error, 'MODEL_UNAVAILABLE') && (await isListed(registry, model))) {
            missing.set(keyOf(model), model);
            if (!closing.signal.aborted) reportClosed(model, error, options);
            closing.abort();
          }
          throw error;
        }
      },
    },
    get unavailable() {
      return closing.signal;
    },
    waitUntilAvailable: async (stop) => {
      for (let attempt = 1; missing.size > 0 && !stop.aborted; attempt++) {
        for (const [key, model] of missing) {
          if (await isSettled(files, registry, model, attempt, options)) missing.delete(key);
        }
        if (missing.size > 0) await sleep(retryMs, undefined, { signal: stop }).catch(() => {});
      }
      closing = new AbortController();
    },
  };
}

function reportClosed(
  model: ModelRef,
  error: unknown,
  { logger, onUnavailable }: ModelAvailabilityOptions,
) {
  const reason = messageOf(error);
  logger.error({ model: keyOf(model), reason }, 'model unavailable, polling stops');
  onUnavailable(reason);
}

/** Whether nobody needs to wait for this model any longer. */
async function isSettled(
  files: ModelFiles,
  registry: Pick<ModelRegistry, 'resolve'>,
  model: ModelRef,
  attempt: number,
  { logger, onUnavailable }: ModelAvailabilityOptions,
): Promise<boolean> {
  const facts = { model: keyOf(model), attempt };
  try {
    await files.fetch(model);
    logger.info(facts, 'model available again');
    return true;
  } catch (error) {
    const reason = messageOf(error);
    if (!(await isListed(registry, model))) {
      logger.info({ ...facts, reason }, 'model is in the catalogue no more, not waiting for it');
      return true;
    }
    logger.warn({ ...facts, reason }, 'model still unavailable, trying again');
    onUnavailable(reason);
    return false;
  }
}

/** Whether the catalogue has this very model; a store that does not answer is no reason to say no. */
async function isListed(
  registry: Pick<ModelRegistry, 'resolve'>,
  { name, version, sha256 }: ModelRef,
): Promise<boolean> {
  try {
    return (await registry.resolve(`${name}@${version}`)).sha256 === sha256;
  } catch (error) {
    return !hasCode(error, 'MODEL_NOT_FOUND');
  }
}

function keyOf({ name, version, sha256 }: ModelRef): string {
  return `${name}@${version} ${sha256}`;
}
