import type { Collection, Filter } from 'mongodb';
import type { Experiment, ShadowPrediction } from '../../domain/experiment/experiment.js';
import { EXPERIMENTS, SHADOW_PREDICTIONS } from '../../domain/collections.js';
import { expectId } from '../../domain/names.js';
import type { ExperimentPosition, ExperimentStore } from '../../domain/ports/experiment-store.js';
import { insertOnce } from './insert-once.js';
import type { RunQuery } from './mongo-queries.js';

/**
 * Experiment with its slot, which is unique: the name of the model while it is running, then a text that
 * is not a name of a model.
 */
export type StoredExperiment = Experiment & { readonly _id: string; readonly slot: string };
export type StoredShadow = ShadowPrediction & { readonly _id: string };

export interface ExperimentCollections {
  readonly experiments: Collection<StoredExperiment>;
  readonly shadows: Collection<StoredShadow>;
}

/** Experiments in MongoDB. */
export function createExperiments(
  { experiments, shadows }: ExperimentCollections,
  run: RunQuery,
): ExperimentStore {
  const withId = (id: string) => ({ _id: expectId('an experiment_id', id) });
  const findAll = async (filter: Filter<StoredExperiment>, limit: number) => {
    const options = { limit, sort: { started_at: -1, _id: -1 } } as const;
    const found = await run(EXPERIMENTS, () => experiments.find(filter, options).toArray());
    return found.map(withoutSlot);
  };
  const findShadows = async (filter: Filter<StoredShadow>, limit: number) => {
    const options = { limit, sort: { _id: -1 } } as const;
    const found = await run(SHADOW_PREDICTIONS, () => shadows.find(filter, options).toArray());
    return found.map(({ _id, ...shadow }) => shadow);
  };
  return {
    insert: (experiment) => {
      const document = { ...withId(experiment.experiment_id), slot: experiment.serves };
      return run(EXPERIMENTS, () => insertOnce(experiments, { ...document, ...experiment }));
    },
    find: async (id) => {
      const found = await run(EXPERIMENTS, () => experiments.findOne(withId(id)));
      return found ? withoutSlot(found) : undefined;
    },
    list: ({ limit, after }) => findAll(after ? filterAfter(after) : {}, limit),
    listRunning: () => findAll({ status: 'running' }, RUNNING_MAX),
    end: async (id, from, end) => {
      const filter = { ...withId(id), status: { $in: [...from] } };
      const update = { $set: { ...end, slot: `${id}/ended` } };
      const ended = await run(EXPERIMENTS, () => experiments.updateOne(filter, update));
      return ended.matchedCount === 1;
    },
    count: async (id, added) => {
      const update = { $inc: flatten(added) };
      await run(EXPERIMENTS, () => experiments.updateOne(withId(id), update));
    },
    addShadow: async (shadow) => {
      const document = { _id: shadow.prediction_id, ...shadow };
      await run(SHADOW_PREDICTIONS, () => insertOnce(shadows, document));
    },
    findShadows: async (ids) =>
      ids.length === 0 ? [] : findShadows({ _id: { $in: [...ids] } }, ids.length),
    listShadows: (id, limit) =>
      findShadows({ experiment_id: expectId('an experiment_id', id) }, limit),
  };
}

/** Maximum number of running experiments: one per model. */
const RUNNING_MAX = 1000;

function withoutSlot({ _id, slot: _slot, ...experiment }: StoredExperiment): Experiment {
  return experiment;
}

function filterAfter({ started_at, experiment_id: id }: ExperimentPosition) {
  const earlier = { started_at: { $lt: started_at } };
  return { $or: [earlier, { started_at, _id: { $lt: id } }] };
}

/** Returns the counts by their paths in the document. */
function flatten({ predictions, errors, ...others }: Experiment['counts']) {
  const byArm = Object.entries({ predictions, errors }).flatMap(([name, arms]) =>
    Object.entries(arms).map(([arm, count]) => [`counts.${name}.${arm}`, count] as const),
  );
  const totals = Object.entries(others).map(([name, count]) => [`counts.${name}`, count] as const);
  return Object.fromEntries([...byArm, ...totals]);
}
