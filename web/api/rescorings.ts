import type { RescoreCase, Rescoring } from '../../api/types.js';
import { readLines } from './lines.js';
import { getJson, postJson, request } from './request.js';

const PATH = '/api/v1/rescorings';
const pathOf = (id: string) => `${PATH}/${encodeURIComponent(id)}`;

/** Reads all rescorings, the newest first. */
export const listRescorings = async (signal: AbortSignal): Promise<readonly Rescoring[]> =>
  (await getJson<{ readonly rescorings: readonly Rescoring[] }>(PATH, signal)).rescorings;

export const getRescoring = (id: string, signal: AbortSignal) =>
  getJson<Rescoring>(pathOf(id), signal);

export const cancelRescoring = (id: string) => postJson<object>(`${pathOf(id)}/cancel`, {});

/** Options of a rescoring that the page offers. */
export interface RescoringFields {
  readonly model: string;
  readonly of: string;
  /** ISO 8601, as is `until`. */
  readonly since: string;
  readonly until?: string;
  readonly include?: readonly ('images' | 'jobs')[];
}

/** Starts a rescoring; one of the same request continues. */
export const startRescoring = (fields: RescoringFields) =>
  postJson<{ readonly rescore_id: string }>(PATH, fields);

export async function deleteRescoring(id: string): Promise<void> {
  await request(pathOf(id), { method: 'DELETE' });
}

/** Reads the first of the cases for which an answer of a person is worth most. */
export async function readCases(
  id: string,
  limit: number,
  signal: AbortSignal,
): Promise<readonly RescoreCase[]> {
  const cases: RescoreCase[] = [];
  if (limit === 0) return cases;
  const response = await request(`${pathOf(id)}/cases?order=worth`, { signal });
  for await (const line of readLines(response)) {
    if (line !== '') cases.push(JSON.parse(line) as RescoreCase); // checked by the API
    if (cases.length === limit) break;
  }
  return cases;
}
