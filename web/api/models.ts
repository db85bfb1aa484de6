import type { AliasHistory, ModelAlias, Retraining } from '../../api/types.js';
import { getJson, postJson } from './request.js';

const modelUrl = (name: string, part: string) =>
  `/api/v1/models/${encodeURIComponent(name)}/${part}`;

/** Reads the aliases of a model; empty for a model without any. */
export async function listAliases(
  name: string,
  signal: AbortSignal,
): Promise<readonly ModelAlias[]> {
  const { aliases } = await getJson<{ readonly aliases: readonly ModelAlias[] }>(
    modelUrl(name, 'aliases'),
    signal,
  );
  return aliases;
}

/** Reads a page of the changes of the aliases of a model, the newest first. */
export function listHistory(
  name: string,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string },
  signal: AbortSignal,
): Promise<AliasHistory> {
  const query = new URLSearchParams({ limit: String(limit), ...(cursor && { cursor }) });
  return getJson(`${modelUrl(name, 'history')}?${query}`, signal);
}

/** Makes a version the champion, after it has run once. */
export const promoteModel = (
  name: string,
  move: { readonly version: number; readonly reason: string },
) => postJson<ModelAlias>(modelUrl(name, 'promote'), move);

/** Makes the previous champion the champion again, unless the champion is not `from`. */
export const rollBackModel = (
  name: string,
  move: { readonly from: number; readonly reason: string },
) => postJson<ModelAlias>(modelUrl(name, 'rollback'), move);

/** Reads the newest retraining of each model, or those of one model or one data set. */
export async function listRetrainings(
  filter: { readonly model: string } | { readonly dataset: string },
  signal: AbortSignal,
): Promise<readonly Retraining[]> {
  const list: { readonly retrainings: readonly Retraining[] } = await getJson(
    `/api/v1/retrainings?${new URLSearchParams(filter)}`,
    signal,
  );
  return list.retrainings;
}

/** Options of a retraining that the page offers. */
export interface RetrainFields {
  readonly dataset: string;
  readonly base: number;
  readonly trainer: 'head' | 'command';
  readonly params?: Readonly<Record<string, number>>;
  readonly decide: 'person' | 'rule';
}

export const startRetraining = (name: string, fields: RetrainFields) =>
  postJson<{ readonly started: boolean }>(modelUrl(name, 'retrain'), fields);

/** Promotes or rejects the challenger of a retraining that waits for a decision. */
export const decideRetraining = (
  name: string,
  decision: { readonly promote: boolean; readonly reason: string },
) => postJson<Retraining>(modelUrl(name, 'retrain/decision'), decision);
