import { messageOf } from '../../domain/errors.js';
import { addCounts, type Counted, countOne } from '../../domain/experiment/counts.js';
import { type ExperimentCounts, NO_COUNTS } from '../../domain/experiment/experiment.js';
import type { ExperimentStore } from '../../domain/ports/experiment-store.js';
import type { Logger } from '../../runtime/logger.js';

/** Counts of experiments that are not stored yet. */
export interface PendingCounts {
  add(experimentId: string, counted: Counted): void;
  /** Stores the counts; those that cannot be stored are kept. */
  store(): Promise<void>;
}

/** Adds up counts in memory, so that predictions do not wait for the store. */
export function createPendingCounts({
  experiments,
  logger,
}: {
  readonly experiments: Pick<ExperimentStore, 'count'>;
  readonly logger: Pick<Logger, 'warn'>;
}): PendingCounts {
  const pending = new Map<string, ExperimentCounts>();
  const countsOf = (id: string) => pending.get(id) ?? NO_COUNTS;
  return {
    add: (id, counted) => void pending.set(id, countOne(countsOf(id), counted)),
    store: async () => {
      const taken = [...pending];
      pending.clear();
      for (const [id, counts] of taken) {
        try {
          await experiments.count(id, counts);
        } catch (error) {
          pending.set(id, addCounts(countsOf(id), counts));
          logger.warn({ experiment_id: id, reason: messageOf(error) }, 'counts not stored yet');
        }
      }
    },
  };
}
