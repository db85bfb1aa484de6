import type { Config } from '../../config/index.js';
import type { ModelManifest } from '../../domain/model/model-manifest.js';
import { createModelRuns, type ModelRuns } from '../../models/add/model-runs.js';
import { type OpenModel, withPublished } from './published-model.js';
import type { SelfTest } from '../../models/add/self-test.js';
import { readTestImage, type TestImage } from '../../sample/test-image.js';

/** Runs a model on an image, in a process of its own. @throws AppError `MODEL_INVALID` if that fails. */
export function testModel(
  runs: ModelRuns,
  { path, manifest, members }: OpenModel,
  image: TestImage,
): Promise<SelfTest> {
  const session = { manifest, members, modelPath: path, threads: 1, device: 'cpu' } as const;
  return runs.selfTest(session, image);
}

/** Runs a version of the catalogue on a frame of the sample. @throws AppError if that fails. */
export async function checkModel(config: Config, { name, version }: ModelManifest): Promise<void> {
  const runs = createModelRuns({ limits: config });
  const image = await readTestImage();
  await withPublished(config, `${name}@${version}`, async (model) => {
    await testModel(runs, model, image);
  });
}
