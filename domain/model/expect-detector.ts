import { AppError } from '../errors.js';
import type { ModelManifest } from './model-manifest.js';
import { findsObjects } from './model-output.js';
import type { ModelRegistry } from '../ports/model-registry.js';

/**
 * Checks that a model finds objects and so can run on a video.
 * @throws AppError `INVALID_INPUT` that lists the models that do.
 */
export async function expectDetector(
  models: Pick<ModelRegistry, 'list'>,
  { name, version, task }: ModelManifest,
): Promise<void> {
  if (findsObjects(task)) return;
  const detectors = (await models.list()).filter((other) => findsObjects(other.task));
  const names = detectors.map((other) => `${other.name}@${other.version}`).sort();
  throw new AppError(
    'INVALID_INPUT',
    `Model ${name}@${version} classifies images as a whole and finds no objects, so it cannot be run on a video. ` +
      `Models that detect: ${names.join(', ') || 'none'}.`,
    { model: name },
    names.length === 0 ? { advice: 'get-model' } : {},
  );
}
