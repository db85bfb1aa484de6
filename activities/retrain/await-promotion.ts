import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { CHAMPION, isSameVersion } from '../../domain/model/model-alias.js';
import type { ModelRegistry } from '../../domain/ports/model-registry.js';
import type { AwaitPromotionInput, Promotion } from '../../domain/retrain/retrain.js';

export interface AwaitPromotionDeps {
  readonly models: { readonly aliases: Pick<ModelRegistry['aliases'], 'list'> };
}

/**
 * Returns who made a version the champion of its model.
 * @throws ApplicationFailure `NOT_PROMOTED` while it is not the champion. Temporal's retries repeat the
 * check; they take no slot of a worker and no event of the history.
 */
export async function awaitPromotion(
  { models }: AwaitPromotionDeps,
  { name, version, sha256 }: AwaitPromotionInput,
): Promise<Promotion> {
  const champion = (await models.aliases.list(name)).find(({ alias }) => alias === CHAMPION);
  if (champion && isSameVersion(champion, { version, sha256 }))
    return { by: champion.by, reason: champion.reason };
  throw ApplicationFailure.create({
    type: 'NOT_PROMOTED',
    message: `Version ${version} of ${name} is not the champion.`,
    category: ApplicationFailureCategory.BENIGN,
  });
}
