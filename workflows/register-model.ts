import { isCancellation, log } from '@temporalio/workflow';
import type { CloseRetrainInput } from '../domain/retrain/retrain.js';
import { registryActivities } from './activity-proxies.js';

/**
 * Registers a challenger in MLflow, if there is one; a retraining does not fail because of it.
 * Returns its version there; null if it is not registered.
 */
export async function registerModel(input: CloseRetrainInput): Promise<number | null> {
  if (input.version === null) return null;
  try {
    const registered = await registryActivities.registerInMlflow(input);
    return registered?.version ?? null;
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('challenger not registered in MLflow', { error: String(error) });
    return null;
  }
}
