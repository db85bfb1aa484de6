import { setTimeout as sleep } from 'node:timers/promises';
import type { Retraining, VidetteClient } from '../../client/index.js';

/** Resolves when the retraining of a model meets a condition, or has failed. */
export async function waitForRetraining(
  client: VidetteClient,
  model: string,
  isMet: (retraining: Retraining) => boolean,
): Promise<Retraining> {
  for (;;) {
    const retraining = await client.retrainings.get(model);
    if (isMet(retraining) || retraining.status === 'failed') return retraining;
    await sleep(50);
  }
}

/** Resolves when the retraining of a model has ended. */
export function waitForRetrainingEnd(client: VidetteClient, model: string): Promise<Retraining> {
  return waitForRetraining(client, model, ({ status }) => status !== 'processing');
}
