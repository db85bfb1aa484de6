import type {
  Experiment,
  ExperimentCounts,
  ExperimentStatus,
  ShadowPrediction,
} from '../experiment/experiment.js';

/** Place of an experiment in the list, which is sorted by time and then by id, both descending. */
export type ExperimentPosition = Pick<Experiment, 'experiment_id' | 'started_at'>;

/** End of an experiment. */
export type ExperimentEnd = Pick<Experiment, 'status' | 'ended_at' | 'decision'>;

/** Experiments, and the answers of challengers that run in the shadow of a champion. */
export interface ExperimentStore {
  /** Inserts an experiment; false if another one of the same model is running. */
  insert(experiment: Experiment): Promise<boolean>;
  find(experimentId: string): Promise<Experiment | undefined>;
  /** Experiments after a place, newest first. */
  list(page: {
    readonly limit: number;
    readonly after?: ExperimentPosition | undefined;
  }): Promise<Experiment[]>;
  listRunning(): Promise<Experiment[]>;
  /** Ends an experiment that has one of the statuses; returns whether it has. */
  end(
    experimentId: string,
    from: readonly ExperimentStatus[],
    end: ExperimentEnd,
  ): Promise<boolean>;
  /** Adds to the counts of an experiment. */
  count(experimentId: string, added: ExperimentCounts): Promise<void>;
  /** Stores the answer of a challenger; does nothing if the prediction has one. */
  addShadow(shadow: ShadowPrediction): Promise<void>;
  /** Finds the answers of challengers for some predictions. */
  findShadows(predictionIds: readonly string[]): Promise<ShadowPrediction[]>;
  /** The newest answers of the challenger of an experiment. */
  listShadows(experimentId: string, limit: number): Promise<ShadowPrediction[]>;
}
