import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode, messageOf } from '../../domain/errors.js';
import type { ModelRef } from '../../domain/model/model-manifest.js';
import type { ModelFiles, ModelRegistry } from '../../domain/ports/model-registry.js';
import type { Logger } from '../../runtime/logger.js';
import type { Availability } from './poll-while-available.js';

export interface ModelAvailabilityOptions {
  readonly logger: Logger;
  /** Called with the problem and its remedy, each time that it changes. */
  readonly onUnavailable: (reason: string) => void;
  /** Interval between attempts to fetch a missing model, in milliseconds. */
  readonly retryMs: number;
}

/** Whether the stored files of all models that jobs use are present and intact. */
export interface ModelAvailability extends Availability {
  /** Model files; a fetch that fails makes its model unavailable until it is available or unlisted. */
  readonly files: ModelFiles;
}

/** Wraps `files` to watch whether models are available. */
export function watchModelAvailability(
  files: ModelFiles,
  registry: Pick<ModelRegistry, 'resolve'>,
  options: ModelAvailabilityOptions,
): ModelAvailability {
  const { retryMs } = options;
  const missing = new Map<string, ModelRef>();
  let unavailable = new AbortController();
  return {
    files: {
      fetch: async (model) => {
        try {
          return await files.fetch(model);
        } catch (error) {
          if (hasCode(error, 'MODEL_UNAVAILABLE') && (await isListed(registry, model))) {
            missing.set(keyOf(model), model);
            if (!unavailable.signal.aborted) reportUnavailable(model, error, options);
            unavailable.abort();
          }
          throw error;
        }
      },
    },
    get unavailable() {
      return unavailable.signal;
    },
    waitUntilAvailable: async (stop) => {
      for (let attempt = 1; missing.size > 0 && !stop.aborted; attempt++) {
        for (const [key, model] of missing) {
          if (await isSettled(files, registry, model, attempt, options)) missing.delete(key);
        }
        if (missing.size > 0) await sleep(retryMs, undefined, { signal: stop }).catch(() => {});
      }
      unavailable = new AbortController();
    },
  };
}

function reportUnavailable(
  model: ModelRef,
  error: unknown,
  { logger, onUnavailable }: ModelAvailabilityOptions,
) {
  const reason = messageOf(error);
  logger.error({ model: keyOf(model), reason }, 'model unavailable, polling stops');
  onUnavailable(reason);
}

/** Whether a model is available, or unlisted, so that there is no need to wait for it. */
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
      logger.info({ ...facts, reason }, 'model was removed from the catalogue, not waiting for it');
      return true;
    }
    logger.warn({ ...facts, reason }, 'model still unavailable, trying again');
    onUnavailable(reason);
    return false;
  }
}

/** Whether the catalogue has this model with these bytes; true if the catalogue does not reply. */
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
