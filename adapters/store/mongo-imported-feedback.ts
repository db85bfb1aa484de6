import type { Collection } from 'mongodb';
import { type ImportedFeedback, isSameFeedback } from '../../domain/dataset/imported-feedback.js';
import { IMPORTED_FEEDBACK } from '../../domain/collections.js';
import { expectId, expectSha256 } from '../../domain/names.js';
import type { ImportedFeedbackStore } from '../../domain/ports/imported-feedback-store.js';
import type { RunQuery } from './mongo-queries.js';

export type StoredImportedFeedback = ImportedFeedback & { readonly _id: string };

/** Imported feedback in MongoDB: a document per data set, image and person. */
export function createImportedFeedback(
  feedback: Collection<StoredImportedFeedback>,
  run: RunQuery,
): ImportedFeedbackStore {
  return {
    put: async (given) => {
      const _id = keyOf(given);
      const stored = await run(IMPORTED_FEEDBACK, () => feedback.findOne({ _id }));
      if (stored && isSameFeedback(stored, given)) return false;
      const replace = () => feedback.replaceOne({ _id }, given, { upsert: true });
      await run(IMPORTED_FEEDBACK, replace);
      return true;
    },
    list: async ({ dataset, limit, after }) => {
      const prefix = `${expectId('a name of a data set', dataset)}/`;
      // The character after "/" ends the keys of the data set.
      const start = after ? { $gt: keyOf({ dataset, ...after }) } : { $gte: prefix };
      const filter = { _id: { ...start, $lt: `${dataset}0` } };
      const options = { limit, sort: { _id: 1 } } as const;
      const found = await run(IMPORTED_FEEDBACK, () => feedback.find(filter, options).toArray());
      return found.map(({ _id, ...given }) => given);
    },
  };
}

function keyOf({
  dataset,
  sha256,
  by,
}: Pick<ImportedFeedback, 'dataset' | 'sha256' | 'by'>): string {
  return `${expectId('a name of a data set', dataset)}/${expectSha256(sha256)}/${by ?? ''}`;
}
