import type { SystemInfo } from '../../api/types.js';
import { getJson } from './request.js';

interface ModelInfo {
  readonly model_name: string;
  readonly version: string | number;
  readonly classes: readonly string[] | Readonly<Record<string, string>>;
}

type Readiness = { readonly ready: true } | { readonly ready: false; readonly reason: string };

let cachedSystem: Promise<SystemInfo> | undefined;

/** Reads version and URLs of the system; cached after the first success. */
export function getSystem(): Promise<SystemInfo> {
  cachedSystem ??= getJson<SystemInfo>('/api/v1/system').catch((error: unknown) => {
    cachedSystem = undefined;
    throw error;
  });
  return cachedSystem;
}

export const getModelInfo = (signal?: AbortSignal) => getJson<ModelInfo>('/model_info', signal);

/** Reads whether the API accepts work; a 503 carries the reason why it does not. */
export async function getReadiness(signal: AbortSignal): Promise<Readiness> {
  const response = await fetch('/readyz', { signal });
  return (await response.json()) as Readiness; // checked by the API's response schema
}

/** Reads the API's metrics in Prometheus' text format; undefined if they are not exposed. */
export async function getMetrics(signal: AbortSignal): Promise<string | undefined> {
  const response = await fetch('/metrics', { signal });
  return response.ok ? response.text() : undefined;
}
