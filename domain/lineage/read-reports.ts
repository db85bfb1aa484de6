import { BUCKETS, retrainIdOfReport, TRAINING_PREFIX } from '../names.js';
import type { ObjectStore } from '../ports/object-store.js';
import type { CloseRetrainInput } from '../retrain/retrain.js';
import type { DatasetRef, RetrainOrigin } from './lineage.js';

/** Report of a retraining that has ended. */
type RetrainReport = CloseRetrainInput & { readonly closed_at: string };

/** Retraining that published a version. */
export interface RetrainedModel {
  readonly name: string;
  readonly version: number;
  readonly sha256: string;
  readonly origin: RetrainOrigin;
}

/** Reads the retrainings that published a version, the newest first. */
export async function readRetrainedModels(
  objects: Pick<ObjectStore, 'list' | 'find'>,
): Promise<RetrainedModel[]> {
  const found: RetrainedModel[] = [];
  for await (const key of objects.list(BUCKETS.results, TRAINING_PREFIX)) {
    if (retrainIdOfReport(key) === undefined) continue;
    const report = await readRetrainReport(objects, key);
    if (!report) continue; // removed at this moment
    if (report.version !== null) found.push(toRetrained(report, report.version));
  }
  return found.sort((a, b) => (a.origin.closed_at < b.origin.closed_at ? 1 : -1));
}

/** Reads a report, which `closeRetrain` wrote; undefined without one. */
export async function readRetrainReport(
  objects: Pick<ObjectStore, 'find'>,
  key: string,
): Promise<RetrainReport | undefined> {
  const data = await objects.find(BUCKETS.results, key);
  return data && (JSON.parse(data.toString('utf8')) as RetrainReport);
}

function toRetrained(report: RetrainReport, version: number): RetrainedModel {
  const { retrain_id, base, dataset, trained, decision, closed_at } = report;
  const { name, sha256 } = trained.manifest;
  return {
    ...{ name, version, sha256 },
    origin: {
      ...{ retrain_id, base, dataset: datasetRefOf(dataset) },
      ...{ promoted: decision.promote, decided_by: decision.by, closed_at },
    },
  };
}

/** Returns the part of a data set that identifies its version. */
export function datasetRefOf({ name, version, sha256 }: DatasetRef): DatasetRef {
  return { name, version, sha256 };
}
