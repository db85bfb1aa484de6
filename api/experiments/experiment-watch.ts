import { messageOf } from '../../domain/errors.js';
import type { Experiment } from '../../domain/experiment/experiment.js';
import { lanesNeeded } from '../../domain/experiment/lanes-needed.js';
import { isSameVersion } from '../../domain/model/model-alias.js';
import type { ExperimentStore } from '../../domain/ports/experiment-store.js';
import type { LocalModel, ModelFiles } from '../../domain/ports/model-registry.js';
import type { Logger } from '../../runtime/logger.js';

/** Running experiment whose challenger is on this host. */
export interface ActiveExperiment {
  readonly experiment: Experiment;
  readonly challenger: LocalModel;
}

/** Running experiments, as this process knows them. */
export interface ExperimentWatch {
  /** Finds the experiment in which a model that is in use is the champion. */
  find(model: LocalModel): ActiveExperiment | undefined;
  /** Whether a running experiment is a shadow experiment. */
  readonly hasShadow: boolean;
  /** Reads the running experiments; if the store does not answer, those known before stay. */
  refresh(): Promise<void>;
}

export interface ExperimentWatchDeps {
  readonly experiments: Pick<ExperimentStore, 'listRunning'>;
  readonly files: ModelFiles;
  /** Number of lanes of this process. */
  readonly lanes: number;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
}

export function createExperimentWatch(deps: ExperimentWatchDeps): ExperimentWatch {
  let active: ReadonlyMap<string, ActiveExperiment> = new Map();
  return {
    find: ({ manifest }) => {
      const found = active.get(manifest.name);
      const isChampion = found && isSameVersion(found.experiment.arms.champion.model, manifest);
      return isChampion ? found : undefined;
    },
    get hasShadow() {
      return [...active.values()].some(({ experiment }) => experiment.mode === 'shadow');
    },
    refresh: async () => {
      try {
        active = await readActive(deps, active);
      } catch (error) {
        deps.logger.warn({ reason: messageOf(error) }, 'experiments not read, the known ones stay');
      }
    },
  };
}

async function readActive(
  { experiments, files, lanes, logger }: ExperimentWatchDeps,
  before: ReadonlyMap<string, ActiveExperiment>,
): Promise<ReadonlyMap<string, ActiveExperiment>> {
  const active = new Map<string, ActiveExperiment>();
  for (const experiment of await experiments.listRunning()) {
    const { experiment_id, serves, arms } = experiment;
    const known = before.get(serves);
    const isKnown = known?.experiment.experiment_id === experiment_id;
    try {
      expectLanes(experiment, lanes);
      const challenger = isKnown ? known.challenger : await files.fetch(arms.challenger.model);
      active.set(serves, { experiment, challenger });
      if (!isKnown) logger.info({ experiment_id, serves }, 'experiment started');
    } catch (error) {
      logger.warn({ experiment_id, reason: messageOf(error) }, 'experiment not started');
    }
  }
  return active;
}

/** An experiment can be started by a process that does not know the lanes of this one. */
function expectLanes(experiment: Experiment, lanes: number): void {
  const needed = lanesNeeded(experiment.mode);
  if (lanes < needed) throw new Error(`it needs ${needed} lanes, and this API has ${lanes}`);
}
