import { log } from '@temporalio/activity';
import { type BuildDeps, buildDataset } from '../../domain/dataset/build-dataset.js';
import { parseDatasetSpec } from '../../domain/dataset/dataset-manifest.js';
import { AppError } from '../../domain/errors.js';
import type { ModelRegistry } from '../../domain/ports/model-registry.js';
import { parseRetrainRequest } from '../../domain/retrain/retrain-request.js';
import { withHeartbeat } from '../heartbeat.js';

export interface FreezeDatasetDeps extends BuildDeps {
  readonly models: Pick<ModelRegistry, 'resolve'>;
}

/** Data set of a retraining, as a field of its request; empty if the request remains as it is. */
export interface FrozenDataset {
  /** `name@version`. */
  readonly dataset?: string;
}

/**
 * Builds the next version of the data set from the feedback until now, if the request has `build`. The
 * first version of a data set has the feedback on results of the model.
 * @throws AppError `INVALID_INPUT`, also without usable feedback; `MODEL_NOT_FOUND`.
 */
export async function freezeDataset(
  deps: FreezeDatasetDeps,
  { request }: { readonly request: unknown },
): Promise<FrozenDataset> {
  const { build, model, dataset = model, by } = parseRetrainRequest(request);
  if (!build) return {};
  const { name, version } = parseDatasetSpec(dataset)!; // the request was checked
  if (version !== undefined) {
    throw new AppError(
      'INVALID_INPUT',
      `Version ${dataset} of a data set never changes: with build, name the data set without a version.`,
    );
  }
  return withHeartbeat(async ({ signal }) => {
    const first = (await deps.datasets.find(name)) ? {} : await firstBuild(deps, model);
    const { manifest, created } = await buildDataset(deps, name, {
      ...{ ...first, signal },
      ...(by !== null && { by }),
    });
    log.info('data set built', { dataset: name, version: manifest.version, created });
    return { dataset: `${name}@${manifest.version}` };
  });
}

async function firstBuild({ models }: FreezeDatasetDeps, model: string) {
  const { task } = await models.resolve(model);
  return { model, task: task === 'classify' ? task : 'detect' } as const;
}
