import { LRUCache } from 'lru-cache';
import type { Registry } from 'prom-client';
import type { ModelVersion } from '../../domain/ports/meters.js';

/** Maximum number of models with their own series; the one used longest ago is forgotten. */
const MODELS_MAX = 8;

/** Returns the label of a model, `name@version`. */
export type LiveModels = (model: ModelVersion) => string;

/**
 * Returns a function that returns the label of a model; all series of one that it forgets are removed.
 * @param metrics names of the metrics that have a label `model`.
 */
export function createLiveModels(registry: Registry, metrics: readonly string[]): LiveModels {
  const live = liveModels((label) => void removeModel(registry, metrics, label));
  return ({ name, version }) => live(`${name}@${version}`);
}

/**
 * Returns a function that returns the values of a label unchanged, and limits their number by forgetting
 * the one that was used longest ago.
 */
function liveModels(forget: (model: string) => void): (model: string) => string {
  const known = new LRUCache<string, true>({
    max: MODELS_MAX,
    dispose: (_, model) => forget(model),
  });
  return (model) => {
    if (!known.get(model)) known.set(model, true);
    return model;
  };
}

/** Removes all series of a model. */
async function removeModel(
  registry: Registry,
  metrics: readonly string[],
  model: string,
): Promise<void> {
  for (const metric of metrics.map((name) => registry.getSingleMetric(name))) {
    for (const { labels } of (await metric?.get())?.values ?? []) {
      if (labels['model'] !== model) continue;
      const { le: _le, ...own } = labels;
      metric?.remove(own);
    }
  }
}
