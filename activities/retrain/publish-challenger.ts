import { join } from 'node:path';
import { log } from '@temporalio/activity';
import { changeAlias, CHALLENGER } from '../../domain/model/model-alias.js';
import { BUCKETS } from '../../domain/names.js';
import type { ModelRegistry } from '../../domain/ports/model-registry.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import type { Scratch } from '../../domain/ports/scratch.js';
import type { PublishChallengerInput } from '../../domain/retrain/retrain.js';
import { withHeartbeat } from '../heartbeat.js';

export interface PublishChallengerDeps {
  readonly objects: ObjectStore;
  readonly models: Pick<ModelRegistry, 'publish' | 'aliases'>;
  readonly scratch: Pick<Scratch, 'attempt'>;
}

/** Publishes a trained model and makes it the challenger; the same model is published once. */
export function publishChallenger(
  deps: PublishChallengerDeps,
  input: PublishChallengerInput,
): Promise<{ readonly version: number }> {
  return withHeartbeat(() => publish(deps, input));
}

async function publish(
  { objects, models, scratch }: PublishChallengerDeps,
  { retrain_id, dataset, trained, by }: PublishChallengerInput,
): Promise<{ readonly version: number }> {
  const from = { name: dataset.name, version: dataset.version, sha256: dataset.sha256 };
  const { name, version, sha256 } = await scratch.attempt(trained.size_bytes, async (folder) => {
    const path = join(folder, 'model.onnx');
    await objects.getFile(BUCKETS.results, trained.key, path);
    return models.publish(path, { ...trained.manifest, trained: { retrain_id, dataset: from } });
  });
  await models.aliases.change(name, CHALLENGER, (current) =>
    changeAlias(current, {
      ...{ action: 'set', to: { version, sha256 }, now: new Date() },
      ...{ by: by ?? 'retraining', reason: `Retraining ${retrain_id}` },
    }),
  );
  log.info('challenger published', { retrain_id, version });
  return { version };
}
