import type { ExperimentStore } from '../../domain/ports/experiment-store.js';
import type { LocalModel, ModelFiles } from '../../domain/ports/model-registry.js';
import type { Logger } from '../../runtime/logger.js';
import { repeatUntil } from '../../runtime/repeat-until.js';
import type { Metrics } from '../metrics/index.js';
import { type ActiveExperiment, createExperimentWatch } from './experiment-watch.js';
import { createPendingCounts } from './pending-counts.js';
import type { ShadowLane } from './shadow-lane.js';
import { createShadowQueue, type ShadowTask } from './shadow-queue.js';
import type { Participation } from './take-part.js';

/** Experiments that predictions of this process take part in. */
export interface Experiments {
  /** Finds the experiment in which the model that is in use is the champion. */
  find(model: LocalModel): ActiveExperiment | undefined;
  /** Counts a prediction that succeeded or failed. */
  count(part: Pick<Participation, 'active' | 'arm'>, kind: 'predictions' | 'errors'): void;
  /** Runs the challenger on an image that the champion has answered. */
  addShadow(task: ShadowTask): void;
  close(): Promise<void>;
}

export interface ExperimentsDeps {
  readonly experiments: ExperimentStore;
  readonly files: ModelFiles;
  readonly lanes: number;
  readonly shadowLane: ShadowLane;
  readonly metrics: Pick<Metrics, 'shadowed'>;
  /** Interval at which experiments are read and counts are stored, in milliseconds. */
  readonly everyMs: number;
  readonly logger: Logger;
}

/** Follows the running experiments until it is closed. */
export function startExperiments(deps: ExperimentsDeps): Experiments {
  const { experiments, shadowLane: lane, metrics, everyMs, logger } = deps;
  const watch = createExperimentWatch(deps);
  const counts = createPendingCounts({ experiments, logger });
  const queue = createShadowQueue({
    ...{ lane, experiments, metrics, logger },
    count: (id, counted) => counts.add(id, counted),
  });
  const stop = new AbortController();
  void repeatUntil(
    stop.signal,
    { everyMs, logger, failure: 'experiments not followed' },
    async () => {
      await watch.refresh();
      await counts.store();
      if (!watch.hasShadow) await lane.end();
    },
  );
  return {
    find: (model) => watch.find(model),
    count: ({ active, arm }, kind) => counts.add(active.experiment.experiment_id, { kind, arm }),
    addShadow: (task) => queue.add(task),
    close: async () => {
      stop.abort();
      await queue.close();
      await lane.end();
      await counts.store();
    },
  };
}
