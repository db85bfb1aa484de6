import { addCounts } from '../../domain/experiment/counts.js';
import type { Experiment, ShadowPrediction } from '../../domain/experiment/experiment.js';
import type { ExperimentPosition, ExperimentStore } from '../../domain/ports/experiment-store.js';

/** Experiments in memory; passes the contract of `test/contracts/experiment-store.ts`. */
export function createMemoryExperiments(stored: readonly Experiment[] = []): ExperimentStore {
  const experiments = new Map(stored.map((each) => [each.experiment_id, each]));
  const shadows = new Map<string, ShadowPrediction>();
  const isRunning = ({ status }: Experiment) => status === 'running';
  return {
    insert: async (experiment) => {
      await Promise.resolve();
      const { experiment_id: id, serves } = experiment;
      const taken = [...experiments.values()].some(
        (each) => each.experiment_id === id || (isRunning(each) && each.serves === serves),
      );
      if (!taken) experiments.set(id, experiment);
      return !taken;
    },
    find: (id) => Promise.resolve(experiments.get(id)),
    list: async ({ limit, after }) => {
      await Promise.resolve();
      return [...experiments.values()]
        .filter((each) => !after || compare(each, after) > 0)
        .sort(compare)
        .slice(0, limit);
    },
    listRunning: () => Promise.resolve([...experiments.values()].filter(isRunning)),
    end: async (id, from, end) => {
      await Promise.resolve();
      const found = experiments.get(id);
      if (!found || !from.includes(found.status)) return false;
      experiments.set(id, { ...found, ...end });
      return true;
    },
    count: async (id, added) => {
      await Promise.resolve();
      const found = experiments.get(id);
      if (found) experiments.set(id, { ...found, counts: addCounts(found.counts, added) });
    },
    addShadow: async (shadow) => {
      await Promise.resolve();
      const id = shadow.prediction_id;
      if (!shadows.has(id)) shadows.set(id, shadow);
    },
    findShadows: (ids) => Promise.resolve(ids.flatMap((id) => shadows.get(id) ?? [])),
    listShadows: async (id, limit) => {
      await Promise.resolve();
      const found = [...shadows.values()].filter(({ experiment_id }) => experiment_id === id);
      return found.sort((a, b) => (a.prediction_id < b.prediction_id ? 1 : -1)).slice(0, limit);
    },
  };
}

/** Newest first; experiments of one time by id, descending. */
function compare(a: ExperimentPosition, b: ExperimentPosition): number {
  const age = b.started_at.getTime() - a.started_at.getTime();
  if (age !== 0 || a.experiment_id === b.experiment_id) return age;
  return a.experiment_id < b.experiment_id ? 1 : -1;
}
