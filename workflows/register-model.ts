import { isCancellation, log } from '@temporalio/workflow';
import type { CloseRetrainInput } from '../domain/retrain/retrain.js';
import { registryActivities } from './activity-proxies.js';

/** Registers a challenger in MLflow, if there is one; a retraining does not fail because of it. */
export async function registerModel(input: CloseRetrainInput): Promise<void> {
  if (input.version === null) return;
  try {
    await registryActivities.registerInMlflow(input);
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('challenger not registered in MLflow', { error: String(error) });
  }
}
