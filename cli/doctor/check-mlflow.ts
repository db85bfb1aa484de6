import type { Config } from '../../config/index.js';
import { messageOf } from '../../domain/errors.js';
import { withMlflow } from '../models/run-mirror.js';
import type { Check } from './check.js';

const NAME = 'MLflow';

/** Checks that the registry of MLflow, if one is configured, can be read. */
export async function checkMlflow(config: Pick<Config, 'mlflow' | 'download'>): Promise<Check[]> {
  const { mlflow } = config;
  if (!mlflow) return [];
  try {
    const version = await withMlflow(config, (source) => source.check());
    return [{ name: NAME, state: 'ok', message: `${version} at ${mlflow.uri}` }];
  } catch (error) {
    return [{ name: NAME, state: 'note', message: messageOf(error) }];
  }
}
