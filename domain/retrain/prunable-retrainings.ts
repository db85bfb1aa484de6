import { readRetrainReport } from '../lineage/read-reports.js';
import { BUCKETS, keys, retrainIdOfKey, TRAINING_PREFIX } from '../names.js';
import type { ObjectStore } from '../ports/object-store.js';

/** Stored retraining of which something can be removed. */
export interface OldRetraining {
  readonly retrain_id: string;
  /** Model that was trained further; undefined if it is unknown. */
  readonly model: string | undefined;
  /** Keys of what can be removed, in the bucket of results; the report of a published version is kept. */
  readonly keys: readonly string[];
}

type Stores = Pick<ObjectStore, 'find' | 'listSizes'>;

/** Objects of a retraining, and the time of the newest one. */
interface StoredRetraining {
  readonly retrain_id: string;
  readonly keys: string[];
  modified: Date;
}

/**
 * Yields the retrainings that ended before a time, also those of which the model is being trained. One
 * without a report, because it failed or was cancelled, is as old as its newest object. The report of a
 * version that was published is kept, because the origin of the model is read from it.
 */
export async function* findRetrainingsBefore(
  objects: Stores,
  before: Date,
): AsyncGenerator<OldRetraining, void> {
  for await (const { retrain_id, keys: stored, modified } of listRetrainings(objects)) {
    const reportKey = keys.retrainReport(retrain_id);
    const report = stored.includes(reportKey)
      ? await readRetrainReport(objects, reportKey)
      : undefined;
    const endedAt = new Date(report?.closed_at ?? modified);
    const isKept = (key: string) => key === reportKey && report?.version !== null;
    const removable = stored.filter((key) => !isKept(key));
    if (endedAt >= before || removable.length === 0) continue;
    yield { retrain_id, model: report?.base.name ?? modelOf(retrain_id), keys: removable };
  }
}

async function* listRetrainings(objects: Stores): AsyncGenerator<StoredRetraining, void> {
  let current: StoredRetraining | undefined;
  for await (const { key, modified } of objects.listSizes(BUCKETS.results, TRAINING_PREFIX)) {
    const retrain_id = retrainIdOfKey(key);
    if (retrain_id === undefined) continue;
    if (current && current.retrain_id !== retrain_id) {
      yield current;
      current = undefined;
    }
    current ??= { retrain_id, keys: [], modified };
    current.keys.push(key);
    if (modified > current.modified) current.modified = modified;
  }
  if (current) yield current;
}

/** Length from which the name of a model is cut in the id of its retrainings (`openRetrain`). */
export const NAME_IN_ID = 100;
const RETRAIN_ID = /^(.+)-[0-9a-f]{12}$/;

/** Returns the model of a retraining by its id; undefined if its name was cut. */
function modelOf(retrainId: string): string | undefined {
  const name = RETRAIN_ID.exec(retrainId)?.[1];
  return name !== undefined && name.length < NAME_IN_ID ? name : undefined;
}
