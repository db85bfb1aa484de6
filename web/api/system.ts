import type { SystemInfo } from '../../api/types.js';
import { getJson } from './request.js';

export interface ModelInfo {
  readonly model_name: string;
  readonly version: string | number;
  readonly classes: readonly string[] | Readonly<Record<string, string>>;
}

export type Readiness =
  { readonly ready: true } | { readonly ready: false; readonly reason: string };

let known: Promise<SystemInfo> | undefined;

/** Version and addresses; asked for once. */
export function getSystem(): Promise<SystemInfo> {
  known ??= getJson<SystemInfo>('/api/v1/system').catch((error: unknown) => {
    known = undefined;
    throw error;
  });
  return known;
}

export const getModelInfo = (signal?: AbortSignal) => getJson<ModelInfo>('/model_info', signal);

/** Whether the API takes work; a 503 is an answer as well. */
export async function getReadiness(signal: AbortSignal): Promise<Readiness> {
  const response = await fetch('/readyz', { signal });
  return (await response.json()) as Readiness; // checked by the API's response schema
}

/** The metrics of the API as text. */
export async function getMetrics(signal: AbortSignal): Promise<string | undefined> {
  const response = await fetch('/metrics', { signal });
  return response.ok ? response.text() : undefined;
}
