import type { DatasetManifest, ImportReport } from '../../api/types.js';
import { getJson, postJson, request } from './request.js';

const DATASETS = '/api/v1/datasets';

/** Data set in a list, which leaves out the images that are not in it. */
export type ListedDataset = Omit<DatasetManifest, 'left_out'>;

/** Lists the newest version of each data set, by name; of one name all versions, the newest first. */
export async function listDatasets(
  signal?: AbortSignal,
  name?: string,
): Promise<readonly ListedDataset[]> {
  const query = name === undefined ? '' : `?${new URLSearchParams({ name })}`;
  const list: { readonly datasets: readonly ListedDataset[] } = await getJson(
    `${DATASETS}${query}`,
    signal,
  );
  return list.datasets;
}

/** Reads a version by `name@version`. */
export const getDataset = (spec: string, signal: AbortSignal) =>
  getJson<DatasetManifest>(`${DATASETS}/${encodeURIComponent(spec)}`, signal);

/** Selection of feedback of a build; null for all. */
export interface BuildFields {
  readonly task: DatasetManifest['task'];
  readonly model: string | null;
  readonly since: string | null;
}

/** Builds the next version of a data set; `created` is false if the version existed. */
export const buildDataset = (name: string, fields: BuildFields) =>
  postJson<DatasetManifest & { readonly created: boolean }>(
    `${DATASETS}/${encodeURIComponent(name)}`,
    fields,
  );

/** URL of the zip of a version in a format. */
export const exportUrl = ({ name, version }: ListedDataset, format: string) =>
  `${DATASETS}/${encodeURIComponent(`${name}@${version}`)}/export?format=${format}`;

/** Imports the annotations of a zip. */
export async function importAnnotations(name: string, file: File): Promise<ImportReport> {
  const body = new FormData();
  body.append('file', file, file.name);
  const path = `${DATASETS}/${encodeURIComponent(name)}/import`;
  const response = await request(path, { method: 'POST', body });
  return (await response.json()) as ImportReport; // checked by the API's response schema
}
