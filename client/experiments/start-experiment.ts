import { randomBytes } from 'node:crypto';
import { AppError } from '../../domain/errors.js';
import { type Experiment, NO_COUNTS } from '../../domain/experiment/experiment.js';
import {
  type ExperimentRequest,
  experimentRequestSchema,
  parseExperiment,
  type ParsedExperimentRequest,
} from '../../domain/experiment/experiment-request.js';
import { lanesNeeded } from '../../domain/experiment/lanes-needed.js';
import { CHAMPION } from '../../domain/model/model-alias.js';
import { type ModelManifest, modelRefOf } from '../../domain/model/model-manifest.js';
import type { VidetteClientDeps } from '../deps.js';

export type StartDeps = Pick<VidetteClientDeps, 'checkModel' | 'imageLanes' | 'servedModel'> & {
  readonly documents: Pick<VidetteClientDeps['documents'], 'experiments' | 'imagePredictions'>;
  readonly models: Pick<VidetteClientDeps['models'], 'resolve' | 'verify'>;
};

const ID_BYTES = 6;
/** Share of the requests of a split. */
const SPLIT_SHARE = 0.1;

/** Starts an experiment, after the challenger has run once. */
export async function startExperiment(
  deps: StartDeps,
  given: ExperimentRequest,
  by: string,
): Promise<Experiment> {
  const request = parseExperiment(experimentRequestSchema, 'experiment', given);
  expectLanes(deps, request);
  const champion = await findChampion(deps, request);
  const challenger = await deps.models.resolve(`${request.model}@${request.challenger}`);
  expectComparable(champion, challenger);
  await deps.models.verify(challenger);
  await deps.checkModel?.(challenger);
  const experiment = newExperiment(request, { champion, challenger }, by);
  if (await deps.documents.experiments.insert(experiment)) return experiment;
  throw new AppError(
    'EXPERIMENT_RUNNING',
    `An experiment of ${request.model} is running. Stop it or decide about it first.`,
    { model: request.model },
  );
}

function newExperiment(
  { model, mode, share = mode === 'shadow' ? 1 : SPLIT_SHARE, key }: ParsedExperimentRequest,
  { champion, challenger }: Readonly<Record<'champion' | 'challenger', ModelManifest>>,
  by: string,
): Experiment {
  return {
    experiment_id: `${model.slice(0, 100)}-${randomBytes(ID_BYTES).toString('hex')}`,
    ...{ serves: model, mode, key, by },
    arms: {
      champion: { model: modelRefOf(champion), share: mode === 'shadow' ? 1 : 1 - share },
      challenger: { model: modelRefOf(challenger), share },
    },
    ...{ status: 'running', started_at: new Date(), ended_at: null, decision: null },
    counts: NO_COUNTS,
  };
}

function expectLanes({ imageLanes }: StartDeps, { mode }: ParsedExperimentRequest): void {
  const needed = lanesNeeded(mode);
  if (imageLanes === undefined || imageLanes >= needed) return;
  throw new AppError(
    'TOO_FEW_LANES',
    `A ${mode} experiment needs ${needed} lanes, one for each version, and the API has ${imageLanes}. Set VIDETTE_API_LANES=${needed}, or start a shadow experiment.`,
  );
}

/** @throws AppError `INVALID_INPUT` if the champion is not the version in use. */
async function findChampion(
  { models, servedModel }: StartDeps,
  { model, champion }: ParsedExperimentRequest,
): Promise<ModelManifest> {
  if (!servedModel) return models.resolve(`${model}@${champion ?? CHAMPION}`);
  const served = await models.resolve(servedModel.spec);
  const { name, version } = served;
  if (name === model && (champion ?? version) === version) return served;
  throw new AppError(
    'INVALID_INPUT',
    `An experiment compares the version in use, ${name}@${version}, with another version of ${name}; received ${model}${champion === undefined ? '' : `@${champion}`} as the champion. VIDETTE_CLASSIFIER sets the model in use.`,
  );
}

function expectComparable(champion: ModelManifest, challenger: ModelManifest): void {
  const detector = [champion, challenger].find(({ task }) => task !== 'classify');
  if (detector) {
    throw new AppError(
      'INVALID_INPUT',
      `Model ${detector.name}@${detector.version} finds objects. Experiments compare classifiers; compare detectors with "vidette diff".`,
    );
  }
  if (champion.version !== challenger.version) return;
  throw new AppError(
    'INVALID_INPUT',
    `Version ${challenger.version} of ${challenger.name} is the one in use. Name another version as the challenger.`,
  );
}
