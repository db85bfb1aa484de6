import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Config } from '../../config/index.js';
import { MOCK_MODEL_NAME } from '../../domain/model/known-models.js';
import type { ModelManifest } from '../../domain/model/model-manifest.js';
import { isModelPath } from '../../domain/model/model-spec.js';
import type { ModelRegistry } from '../../domain/ports/model-registry.js';
import { createMockModel } from '../../models/mock/mock-model.js';
import { readKerasArchive } from '../../models/keras/archive.js';
import { isKerasFile } from '../../models/keras/convert.js';
import { readOnnxFile } from '../../models/onnx/onnx-file.js';
import type { OnStep } from '../../stack/on-step.js';
import { addModel } from './add-model.js';
import { findAdded } from './added-folder.js';
import { refuseQuestions } from './ask.js';
import type { ModelRuns } from '../../models/add/model-runs.js';
import { withTemporaryFolder } from '../../platform/temporary-folder.js';
import { withOnnxFile } from './with-onnx-file.js';

export interface ModelUse {
  readonly config: Pick<Config, 'dataDir' | 'model'>;
  readonly models: ModelRegistry;
  readonly runs: ModelRuns;
  readonly onStep: OnStep;
}

/** Whether a model must be published before it is used: a file, or the mock. */
function isUnpublished(model: string): boolean {
  return isModelPath(model) || model === MOCK_MODEL_NAME;
}

/**
 * Checks a model file before servers start.
 * @throws AppError `MODEL_INVALID` if it is neither an ONNX file nor a Keras file.
 */
export async function expectModelFile(model: string | undefined): Promise<void> {
  if (model === undefined || !isModelPath(model)) return;
  const path = resolve(model);
  if (isKerasFile(path)) await readKerasArchive(path);
  else await readOnnxFile(path);
}

/**
 * Returns the catalogue name of the model of a job. Publishes a file or the mock if the job or
 * `VIDETTE_MODEL` requests it.
 */
export async function resolveModel(
  use: ModelUse,
  requested: string | undefined,
): Promise<string | undefined> {
  const model = requested ?? use.config.model;
  if (model === undefined || !isUnpublished(model)) return requested;
  const { name, version } = await addToCatalogue(use, model);
  return `${name}@${version}`;
}

/** Publishes a file or the mock to the catalogue. */
export function addToCatalogue(use: ModelUse, model: string): Promise<ModelManifest> {
  return model === MOCK_MODEL_NAME ? publishMock(use) : publishFile(use, resolve(model));
}

async function publishMock({ config, models, onStep }: ModelUse): Promise<ModelManifest> {
  onStep(`model "${MOCK_MODEL_NAME}": returns the same two boxes for every frame`);
  return withMockFile(config.dataDir, (path, manifest) => models.publish(path, manifest));
}

/** Runs `work` with a temporary file of the mock model. */
export async function withMockFile<T>(
  dataDir: string,
  work: (path: string, manifest: ReturnType<typeof createMockModel>['manifest']) => Promise<T>,
): Promise<T> {
  return withTemporaryFolder({ dataDir }, 'mock-', async (folder) => {
    const { bytes, manifest } = createMockModel();
    const path = join(folder, 'model.onnx');
    await writeFile(path, bytes);
    return work(path, manifest);
  });
}

/** Publishes a file, adding it first (without questions) unless its content was added before. */
async function publishFile(use: ModelUse, path: string): Promise<ModelManifest> {
  const { config, models, runs, onStep } = use;
  const known = await withOnnxFile(use, path, (onnxPath) => findAdded(config, onnxPath));
  if (known) return models.publish(known.path, known.manifest);
  const answer = refuseQuestions(path);
  const added = await addModel({ config, path, runs, answers: {}, answer });
  const { manifest, concluded } = added;
  const family = concluded.find(({ what }) => what === 'family');
  onStep(`model ${manifest.name}: added from ${path} (${family?.value}, ${family?.because})`);
  return models.publish(added.path, manifest);
}
