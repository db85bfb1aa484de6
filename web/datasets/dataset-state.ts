import { getDataset, listDatasets } from '../api/datasets.js';
import { listRetrainings } from '../api/models.js';

/** What the page shows of a data set. */
export type DatasetState = Awaited<ReturnType<typeof readDataset>>;

/** Reads a version with all versions of the data set, and what was trained on it. */
export async function readDataset(spec: string, signal: AbortSignal) {
  const dataset = await getDataset(spec, signal);
  const { name, version } = dataset;
  const [versions, retrainings] = await Promise.all([
    listDatasets(signal, name),
    listRetrainings({ dataset: `${name}@${version}` }, signal),
  ]);
  return { dataset, versions, retrainings };
}
