import { createFollowedModels } from '../../adapters/mlflow/followed-models.js';
import { createMlflowSource } from '../../adapters/mlflow/mlflow-source.js';
import type { Config } from '../../config/index.js';
import type { ModelRegistry } from '../../domain/ports/model-registry.js';
import { mirrorVersion } from '../../models/add/mirror-model.js';
import { createModelRuns } from '../../models/add/model-runs.js';
import { refuseQuestions } from './ask.js';

/** A catalogue, and the end of its connections. */
export interface FollowedCatalogue {
  readonly models: ModelRegistry;
  close(): Promise<void>;
}

/** Returns the catalogue, whose models of MLflow are those that MLflow names now, if it is configured. */
export function followMlflow(config: Config, models: ModelRegistry): FollowedCatalogue {
  const { mlflow, download } = config;
  if (!mlflow) return { models, close: () => Promise.resolve() };
  const source = createMlflowSource({ ...mlflow, maxBytes: download.maxBytes });
  const runs = createModelRuns({ limits: config });
  const request = { config, source, models, runs, answers: {} };
  const followed = createFollowedModels({
    ...{ models, source },
    mirror: (version) =>
      mirrorVersion(version, {
        ...request,
        answer: (uri) => refuseQuestions(uri, `vidette models pull ${uri}`),
      }),
  });
  return { models: followed, close: () => source.close() };
}
