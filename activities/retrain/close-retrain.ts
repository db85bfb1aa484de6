import { log } from '@temporalio/activity';
import { changeAlias, CHAMPION } from '../../domain/model/model-alias.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { ModelRegistry } from '../../domain/ports/model-registry.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import type { CloseRetrainInput } from '../../domain/retrain/retrain.js';

export interface CloseRetrainDeps {
  readonly objects: Pick<ObjectStore, 'put'>;
  readonly models: Pick<ModelRegistry, 'aliases'>;
}

/**
 * Carries out the decision about a challenger, unless it was carried out elsewhere, and stores what was
 * trained, compared and decided.
 */
export async function closeRetrain(
  { objects, models }: CloseRetrainDeps,
  input: CloseRetrainInput,
): Promise<void> {
  const { retrain_id, base, trained, version, decision, elsewhere = false } = input;
  if (decision.promote && version !== null && !elsewhere) {
    await models.aliases.change(base.name, CHAMPION, (current) =>
      changeAlias(current, {
        ...{ action: 'promote', to: { version, sha256: trained.sha256 }, now: new Date() },
        ...{ by: decision.by, reason: reasonOf(input) },
      }),
    );
  }
  const report = JSON.stringify({ ...input, closed_at: new Date().toISOString() }, null, 2);
  await objects.put(BUCKETS.results, keys.retrainReport(retrain_id), report);
  log.info('retraining closed', { retrain_id, version, promoted: decision.promote });
}

/** The reason of the decision with its evidence, for the history of the alias. */
function reasonOf({ retrain_id, base, judged, decision }: CloseRetrainInput): string {
  const { images, champion, challenger } = judged.comparison;
  const [before, after] = [champion.value, challenger.value].map((value) => value.toFixed(3));
  const evidence = `Retraining ${retrain_id}: ${after} on ${images} test images, version ${base.version} ${before}.`;
  return decision.reason === null ? evidence : `${decision.reason} (${evidence})`;
}
