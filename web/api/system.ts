import type { Model, ModelPage, SystemInfo } from '../../api/types.js';
import { getJson } from './request.js';

interface ModelInfo {
  readonly model_name: string;
  readonly version: string | number;
  readonly classes: readonly string[] | Readonly<Record<string, string>>;
}

/** A server that does not reply, and why. */
interface UnavailableServer {
  readonly server: string;
  readonly reason: string;
}

type Readiness = { readonly unavailable: readonly UnavailableServer[] } & (
  { readonly ready: true } | { readonly ready: false; readonly reason: string }
);

let cachedSystem: Promise<SystemInfo> | undefined;

/** Reads version and URLs of the system; cached after the first success. */
export function getSystem(): Promise<SystemInfo> {
  cachedSystem ??= getJson<SystemInfo>('/api/v1/system').catch((error: unknown) => {
    cachedSystem = undefined;
    throw error;
  });
  return cachedSystem;
}

/** Reads the storage as it is now. */
export const getStorage = (signal: AbortSignal) => getJson<SystemInfo>('/api/v1/system', signal);

/** Reads all models of the catalogue: by name, of one name the newest version first. */
export async function listModels(signal?: AbortSignal): Promise<readonly Model[]> {
  const models: Model[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const query = new URLSearchParams({ limit: '100', ...(cursor && { cursor }) });
    const page: ModelPage = await getJson(`/api/v1/models?${query}`, signal);
    models.push(...page.models);
    cursor = page.next;
  }
  return models;
}

/** Returns the classes of a model by class id; none if the catalogue no longer has it. */
export async function getClasses(
  used: Pick<Model, 'name' | 'version'> | null,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const models = await listModels(signal);
  const isUsed = ({ name, version }: Model) => name === used?.name && version === used.version;
  return models.find(isUsed)?.classes ?? [];
}

export const getModelInfo = (signal?: AbortSignal) => getJson<ModelInfo>('/model_info', signal);

/** Reads whether the API accepts work, and which servers do not reply; a 503 carries the reason. */
export async function getReadiness(signal: AbortSignal): Promise<Readiness> {
  const response = await fetch('/readyz', { signal });
  return (await response.json()) as Readiness; // checked by the API's response schema
}

/** Reads the API's metrics in Prometheus' text format; undefined if they are not exposed. */
export async function getMetrics(signal: AbortSignal): Promise<string | undefined> {
  const response = await fetch('/metrics', { signal });
  return response.ok ? response.text() : undefined;
}
