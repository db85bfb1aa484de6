import { join } from 'node:path';
import { log } from '@temporalio/activity';
import { CHALLENGER, CHAMPION } from '../../domain/model/model-alias.js';
import { BUCKETS, MODEL_FILE } from '../../domain/names.js';
import type { ModelRegistrar } from '../../domain/ports/model-registrar.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import type { Scratch } from '../../domain/ports/scratch.js';
import type { CloseRetrainInput } from '../../domain/retrain/retrain.js';

export interface RegisterInMlflowDeps {
  readonly objects: Pick<ObjectStore, 'getFile'>;
  readonly scratch: Pick<Scratch, 'attempt'>;
  /** MLflow; undefined if none is configured. */
  readonly registrar: ModelRegistrar | undefined;
}

/**
 * Registers a published challenger in MLflow, once for a retraining, with the alias `challenger` and, if
 * it was promoted, `champion`. Returns its version there; null without MLflow.
 */
export async function registerInMlflow(
  { objects, scratch, registrar }: RegisterInMlflowDeps,
  input: CloseRetrainInput,
): Promise<{ readonly version: number } | null> {
  const { retrain_id, base, trained, version, decision } = input;
  if (!registrar || version === null) return null;
  const registered = await scratch.attempt(trained.size_bytes, async (folder) => {
    const path = join(folder, MODEL_FILE);
    await objects.getFile(BUCKETS.results, trained.key, path);
    return registrar.register({
      ...{ name: base.name, id: retrain_id, path, labels: trained.manifest.labels },
      ...{ metrics: metricsOf(input), params: paramsOf(input) },
      tags: { 'vidette.sha256': trained.sha256, 'vidette.version': String(version) },
      aliases: [CHALLENGER, ...(decision.promote ? [CHAMPION] : [])],
    });
  });
  log.info('challenger registered in MLflow', { retrain_id, version: registered.version });
  return registered;
}

/** Scores of the comparison and of the trainer. */
function metricsOf({ judged, trained }: CloseRetrainInput): Record<string, number> {
  const { champion, challenger, images } = judged.comparison;
  const scores = Object.entries(trained.metrics).flatMap(([name, value]) =>
    value === null ? [] : [[name, value] as const],
  );
  return {
    ...Object.fromEntries(scores),
    test_images: images,
    test_champion: champion.value,
    test_challenger: challenger.value,
  };
}

function paramsOf({ base, dataset, decision }: CloseRetrainInput): Record<string, string> {
  return {
    base: `${base.name}@${base.version}`,
    dataset: `${dataset.name}@${dataset.version}`,
    dataset_sha256: dataset.sha256,
    decided_by: decision.by,
  };
}
