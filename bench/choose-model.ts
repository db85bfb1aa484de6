import type { Config } from '../config/index.js';
import { AppError } from '../domain/errors.js';
import { manifestFor } from '../models/catalogue.js';
import { pullModel } from '../stack/model-sources/pull-model.js';
import type { LimitRequest } from './limit.js';
import { print } from './print.js';

/**
 * Returns a known model by name, or the default one; downloads it if it is missing.
 * @throws AppError `MODEL_INVALID` if the model has no manifest.
 */
export async function chooseModel(
  { model }: { readonly model?: string | undefined },
  config: Config,
): Promise<LimitRequest['model']> {
  const { path, model: facts } = await pullModel({ name: model, config, onStep: print });
  const manifest = manifestFor(facts.sha256);
  if (manifest) return { manifest, path };
  throw new AppError('MODEL_INVALID', `Model ${facts.name} has no manifest.`);
}
