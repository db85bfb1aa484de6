import { resolve } from 'node:path';
import { createModelRegistry } from '../../adapters/store/model-registry.js';
import { createObjectStore } from '../../adapters/store/minio-object-store.js';
import type { Config } from '../../config/index.js';
import { AppError } from '../../domain/errors.js';
import { MOCK_MODEL_NAME } from '../../domain/model/known-models.js';
import { isModelPath, modelNameOf } from '../../domain/model/model-spec.js';
import { findServers, settingsInUse } from '../connect.js';
import { findAdded } from './added-folder.js';
import { manifestOf } from '../../models/add/test-model.js';
import { refuseQuestions } from './ask.js';
import { examine } from '../../models/add/examine.js';
import { listLocalModels } from './local-models.js';
import type { ModelRuns } from '../../models/add/model-runs.js';
import { withPublished, type WorkOnModel } from './published-model.js';
import { withMockFile } from './use-model.js';
import { withOnnxFile } from './with-onnx-file.js';

export interface OpenModelOptions {
  readonly config: Config;
  readonly runs: ModelRuns;
}

/**
 * Runs `work` with the model that a `--model` value refers to: a file, the mock, a name in the
 * catalogue or, if no servers run, a model on this machine.
 * @throws AppError `MODEL_NOT_FOUND` for an unknown name.
 */
export async function withModel<T>(
  options: OpenModelOptions,
  spec: string,
  work: WorkOnModel<T>,
): Promise<T> {
  const { config } = options;
  if (isModelPath(spec)) return withFile(options, resolve(spec), work);
  const catalogue = await findServers(config);
  if (catalogue && !(await isUnpublishedMock(catalogue, spec))) {
    return withPublished(catalogue, spec, work);
  }
  if (spec === MOCK_MODEL_NAME) {
    return withMockFile(config.dataDir, (path, manifest) => work({ path, manifest }));
  }
  const { models } = await listLocalModels(config);
  const local = models.find(({ manifest }) => manifest.name === spec);
  if (local) return work(local);
  await settingsInUse(config); // throws with advice if no servers are known
  throw new AppError(
    'MODEL_NOT_FOUND',
    `Unknown model ${JSON.stringify(spec)}. List models with: vidette models`,
  );
}

async function isUnpublishedMock({ objectStore }: Config, spec: string): Promise<boolean> {
  if (spec !== MOCK_MODEL_NAME) return false;
  const manifests = await createModelRegistry(createObjectStore(objectStore)).list();
  return manifests.every(({ name }) => name !== MOCK_MODEL_NAME);
}

/** A file with the content of an added model has the manifest of that model. */
function withFile<T>(options: OpenModelOptions, file: string, work: WorkOnModel<T>): Promise<T> {
  const { config, runs } = options;
  return withOnnxFile(options, file, async (path) => {
    const added = await findAdded(config, path);
    if (added) return work(added);
    const examined = await examine({ path, runs, answers: {}, answer: refuseQuestions(file) });
    return work({ path, manifest: manifestOf(modelNameOf(file), examined, { path: file }) });
  });
}
