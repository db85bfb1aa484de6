import { join } from 'node:path';
import { log } from '@temporalio/activity';
import { CHALLENGER, CHAMPION } from '../../domain/model/model-alias.js';
import { BUCKETS, keys, MODEL_FILE } from '../../domain/names.js';
import type { ModelRegistrar, RegisteredModel } from '../../domain/ports/model-registrar.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import type { Scratch } from '../../domain/ports/scratch.js';
import type { CloseRetrainInput } from '../../domain/retrain/retrain.js';
import { withHeartbeat } from '../heartbeat.js';

export interface RegisterInMlflowDeps {
  readonly objects: Pick<ObjectStore, 'getFile' | 'find' | 'put'>;
  readonly scratch: Pick<Scratch, 'attempt'>;
  /** MLflow; undefined if none is configured. */
  readonly registrar: ModelRegistrar | undefined;
}

/**
 * Registers a published challenger in MLflow, once for a retraining, with the alias `challenger` and, if
 * it was promoted, `champion`, and adds its version there to the report. Returns this version; null
 * without MLflow.
 */
export async function registerInMlflow(
  { objects, scratch, registrar }: RegisterInMlflowDeps,
  input: CloseRetrainInput,
): Promise<{ readonly version: number } | null> {
  const { retrain_id, trained, version } = input;
  if (!registrar || version === null) return null;
  return withHeartbeat(async () => {
    const registered = await scratch.attempt(trained.size_bytes, async (folder) => {
      const path = join(folder, MODEL_FILE);
      await objects.getFile(BUCKETS.results, trained.key, path);
      return registrar.register(describeModel(input, version, path));
    });
    await addToReport(objects, retrain_id, registered.version);
    log.info('challenger registered in MLflow', { retrain_id, version: registered.version });
    return registered;
  });
}

function describeModel(input: CloseRetrainInput, version: number, path: string): RegisteredModel {
  const { retrain_id, base, trained, decision } = input;
  return {
    ...{ name: base.name, id: retrain_id, path, labels: trained.manifest.labels },
    ...{ metrics: metricsOf(input), params: paramsOf(input) },
    tags: { 'vidette.sha256': trained.sha256, 'vidette.version': String(version) },
    aliases: [CHALLENGER, ...(decision.promote ? [CHAMPION] : [])],
  };
}

/** Adds the version in MLflow to the report that `closeRetrain` has stored. */
async function addToReport(
  objects: RegisterInMlflowDeps['objects'],
  retrainId: string,
  mlflow_version: number,
): Promise<void> {
  const key = keys.retrainReport(retrainId);
  const stored = await objects.find(BUCKETS.results, key);
  if (!stored) return;
  const report = { ...(JSON.parse(stored.toString('utf8')) as object), mlflow_version };
  await objects.put(BUCKETS.results, key, JSON.stringify(report, null, 2));
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
