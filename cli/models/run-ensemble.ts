import { AppError } from '../../domain/errors.js';
import { buildEnsemble } from '../../domain/model/build-ensemble.js';
import type { ClassFusion } from '../../domain/model/ensemble.js';
import type { ModelManifest } from '../../domain/model/model-manifest.js';
import type { ModelRegistry } from '../../domain/ports/model-registry.js';
import type { App } from '../app.js';
import { withServers } from '../command.js';
import { expectName } from '../../models/add/test-model.js';
import { formatModel, halvedConfidences, summaryOf } from './texts.js';

export interface EnsembleFlags {
  readonly members: readonly string[];
  readonly weights?: readonly number[];
  readonly iou: number;
  readonly memberConf: number;
  readonly fuse: ClassFusion['classes'];
}

/** Publishes an ensemble of models of the catalogue. */
export async function runEnsemble(app: App, name: string, flags: EnsembleFlags): Promise<void> {
  const manifest = await withServers(app, ({ models }) => createEnsemble(models, name, flags));
  app.out.result({ ...summaryOf(manifest), published: true }, formatModel(manifest));
  const note = halvedConfidences(manifest);
  if (note !== undefined) app.out.note(note);
}

/** @throws AppError `INVALID_INPUT` for members that cannot be combined, `MODEL_NOT_FOUND`. */
export async function createEnsemble(
  models: ModelRegistry,
  name: string,
  { members, weights = members.map(() => 1), iou, memberConf, fuse }: EnsembleFlags,
): Promise<ModelManifest> {
  if (weights.length !== members.length) {
    throw new AppError(
      'INVALID_INPUT',
      `Expected one of --weights for each of the ${members.length} --members, received ${weights.length}.`,
    );
  }
  const resolved = await Promise.all(members.map((member) => models.resolve(member)));
  const manifest = buildEnsemble({
    name: expectName(name),
    members: resolved.map((model, i) => ({ model, weight: weights[i]! })), // as many as members
    boxes: { iou, member_conf: memberConf },
    classes: fuse,
  });
  return models.publish('', manifest);
}
