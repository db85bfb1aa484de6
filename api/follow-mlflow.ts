import { createFollowedModels } from '../adapters/mlflow/followed-models.js';
import { createMlflowSource } from '../adapters/mlflow/mlflow-source.js';
import type { Config } from '../config/index.js';
import { environmentWithoutSecrets } from '../config/secrets.js';
import { AppError, messageOf } from '../domain/errors.js';
import type { FollowedModels } from '../domain/ports/followed-models.js';
import type { ModelRegistry } from '../domain/ports/model-registry.js';
import type { ExamineRequest } from '../models/add/examine.js';
import { mirrorVersion } from '../models/add/mirror-model.js';
import { createModelRuns } from '../models/add/model-runs.js';
import type { Logger } from '../runtime/logger.js';
import type { Metrics } from './metrics/index.js';

export interface FollowDeps {
  readonly config: Config;
  readonly models: ModelRegistry;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** A catalogue that follows MLflow, if it is configured. */
export interface FollowedCatalogue {
  readonly models: FollowedModels;
  close(): Promise<void>;
}

/** Returns the catalogue whose models of MLflow are those that MLflow names now. */
export function followMlflow({ config, models, logger, metrics }: FollowDeps): FollowedCatalogue {
  const { mlflow, download, scratchDir } = config;
  if (!mlflow) {
    const unfollowed = { ...models, followedBy: () => undefined };
    return { models: unfollowed, close: () => Promise.resolve() };
  }
  const source = createMlflowSource({ ...mlflow, maxBytes: download.maxBytes });
  const closing = new AbortController();
  const { signal } = closing;
  const runs = createModelRuns({ limits: config, env: environmentWithoutSecrets(), signal });
  const folder = { dataDir: scratchDir };
  const logFailure = createFailureLog(logger);
  const followed = createFollowedModels({
    ...{ models, source },
    mirror: (version) => {
      const { name, version: number } = version;
      logger.info({ name, version: number }, 'copying a model of MLflow');
      const request = { config: folder, source, models, runs, answers: {}, signal };
      return mirrorVersion(version, { ...request, answer: refuseQuestions });
    },
    onFailure: (spec, error) => {
      metrics.sourceFailed(spec, error instanceof AppError ? error.code : 'internal');
      logFailure(spec, error);
    },
  });
  return {
    models: followed,
    close: async () => {
      closing.abort();
      await source.close();
    },
  };
}

/** Logs a failure once, although each refresh repeats it. */
function createFailureLog(logger: Logger) {
  const logged = new Map<string, string>();
  return (spec: string, error: unknown) => {
    const reason = messageOf(error);
    if (logged.get(spec) === reason) return;
    logged.set(spec, reason);
    logger.warn({ spec, reason }, 'MLflow names no usable version, the last good one is used');
  };
}

/** The API cannot ask: the command line can, and publishes the version with the answers. */
function refuseQuestions(uri: string): ExamineRequest['answer'] {
  return (questions) => {
    const open = questions.map(({ ask }) => ask).join(' ');
    const problem = `More information about ${uri} is needed: ${open} Copy it once with the answers: vidette models pull ${uri}`;
    return Promise.reject(new AppError('MODEL_INVALID', problem, { model: uri }));
  };
}
