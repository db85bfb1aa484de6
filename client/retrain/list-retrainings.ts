import pMap from 'p-map';
import { parseDatasetSpec } from '../../domain/dataset/dataset-manifest.js';
import { AppError, hasCode } from '../../domain/errors.js';
import { RETRAIN_MODEL } from '../../domain/retrain/retrain.js';
import { modelOfRetrainWorkflow } from '../../domain/workflow-ids.js';
import type { VidetteClientDeps } from '../deps.js';
import { readRetraining, type Retraining } from './retraining-view.js';

/** Selects retrainings. */
export interface RetrainingsFilter {
  /** Name of the model. */
  readonly model?: string | undefined;
  /** Data set as name (any version) or name@version. */
  readonly dataset?: string | undefined;
}

type Deps = Pick<VidetteClientDeps, 'temporal' | 'objects'>;

/** Retrainings that are read at the same time. */
const CONCURRENCY = 4;

/**
 * Lists the newest retraining of each model that has one in Temporal, by name.
 * @throws AppError `INVALID_INPUT` for an invalid data set.
 */
export async function listRetrainings(
  deps: Deps,
  { model, dataset }: RetrainingsFilter = {},
): Promise<readonly Retraining[]> {
  const isOfDataset = dataset === undefined ? () => true : datasetFilter(dataset);
  const models = model === undefined ? await retrainedModels(deps) : [model];
  const found = await pMap(models, (name) => findRetraining(deps, name), {
    concurrency: CONCURRENCY,
  });
  return found.filter((each) => each !== undefined).filter(isOfDataset);
}

async function retrainedModels({ temporal }: Deps): Promise<readonly string[]> {
  const models = new Set<string>();
  const query = `WorkflowType = '${RETRAIN_MODEL}'`;
  for await (const { workflowId } of temporal.workflow.list({ query })) {
    const model = modelOfRetrainWorkflow(workflowId);
    if (model !== undefined) models.add(model);
  }
  return [...models].toSorted();
}

/** Finds the newest retraining of a model; undefined if Temporal does not have one (any more). */
async function findRetraining(deps: Deps, model: string): Promise<Retraining | undefined> {
  try {
    return await readRetraining(deps, model);
  } catch (error) {
    if (hasCode(error, 'RETRAIN_NOT_FOUND')) return undefined;
    throw error;
  }
}

function datasetFilter(spec: string): (retraining: Retraining) => boolean {
  const wanted = parseDatasetSpec(spec);
  if (!wanted) {
    throw new AppError(
      'INVALID_INPUT',
      `Expected a data set as name or name@version, received ${JSON.stringify(spec.slice(0, 200))}.`,
    );
  }
  return ({ dataset }) =>
    dataset?.name === wanted.name && (wanted.version ?? dataset.version) === dataset.version;
}
