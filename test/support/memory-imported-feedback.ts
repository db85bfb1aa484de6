import { type ImportedFeedback, isSameFeedback } from '../../domain/dataset/imported-feedback.js';
import type { ImportedFeedbackStore } from '../../domain/ports/imported-feedback-store.js';

/** Imported feedback in memory; passes the contract of `test/contracts/imported-feedback.ts`. */
export function createMemoryImportedFeedback(): ImportedFeedbackStore {
  const stored = new Map<string, ImportedFeedback>();
  return {
    put: async (given) => {
      await Promise.resolve();
      const earlier = stored.get(keyOf(given));
      if (earlier && isSameFeedback(earlier, given)) return false;
      stored.set(keyOf(given), given);
      return true;
    },
    list: async ({ dataset, limit, after }) => {
      await Promise.resolve();
      return [...stored]
        .filter(([, given]) => given.dataset === dataset)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .filter(([key]) => !after || key > keyOf({ dataset, ...after }))
        .map(([, given]) => given)
        .slice(0, limit);
    },
  };
}

function keyOf({ dataset, sha256, by }: Pick<ImportedFeedback, 'dataset' | 'sha256' | 'by'>) {
  return `${dataset}/${sha256}/${by ?? ''}`;
}
