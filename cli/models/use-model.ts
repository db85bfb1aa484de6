import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Config } from '../../config/index.js';
import { MOCK_MODEL_NAME } from '../../domain/model/known-models.js';
import type { ModelManifest } from '../../domain/model/model-manifest.js';
import { isModelPath } from '../../domain/model/model-spec.js';
import type { ModelRegistry } from '../../domain/ports/model-registry.js';
import { createMockModel } from '../../models/mock/mock-model.js';
import { readOnnxFile } from '../../models/onnx/onnx-file.js';
import type { OnStep } from '../initialise.js';
import { addModel } from './add-model.js';
import { findAdded } from './added-folder.js';
import { refuseQuestions } from './ask.js';

export interface ModelUse {
  readonly config: Pick<Config, 'dataDir' | 'model'>;
  readonly models: ModelRegistry;
  readonly onStep: OnStep;
}

/** Whether a model is no name of the catalogue yet: a file, or the mock. */
function isOwn(model: string): boolean {
  return isModelPath(model) || model === MOCK_MODEL_NAME;
}

/** Reads a model that was given as a file, so that one which is none is refused before servers start. */
export async function expectModelFile(model: string | undefined): Promise<void> {
  if (model !== undefined && isModelPath(model)) await readOnnxFile(resolve(model));
}

/**
 * The model of a job as the catalogue names it: a file is added, and the mock is made, where it is
 * asked for by the job or by `VIDETTE_MODEL`.
 */
export async function modelInUse(
  use: ModelUse,
  asked: string | undefined,
): Promise<string | undefined> {
  const model = asked ?? use.config.model;
  if (model === undefined || !isOwn(model)) return asked;
  const { name, version } = await publishOwn(use, model);
  return `${name}@${version}`;
}

/** Puts a file, or the mock, into the catalogue. */
export function publishOwn(use: ModelUse, model: string): Promise<ModelManifest> {
  return model === MOCK_MODEL_NAME ? publishMock(use) : publishFile(use, resolve(model));
}

async function publishMock({ config, models, onStep }: ModelUse): Promise<ModelManifest> {
  onStep(`model "${MOCK_MODEL_NAME}": finds the same two boxes in every frame, whatever is in it`);
  return withMockFile(config.dataDir, (path, manifest) => models.publish(path, manifest));
}

/** Writes the mock to a file for the length of `work`. */
export async function withMockFile<T>(
  dataDir: string,
  work: (path: string, manifest: ReturnType<typeof createMockModel>['manifest']) => Promise<T>,
): Promise<T> {
  const root = resolve(dataDir, 'downloads');
  await mkdir(root, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(root, 'mock-'));
  try {
    const { bytes, manifest } = createMockModel();
    const path = join(folder, 'model.onnx');
    await writeFile(path, bytes);
    return await work(path, manifest);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A file that was added before is known by its bytes; another one is added without questions. */
async function publishFile(
  { config, models, onStep }: ModelUse,
  path: string,
): Promise<ModelManifest> {
  const before = await findAdded(config, path);
  if (before) return models.publish(before.path, before.manifest);
  const answer = refuseQuestions(path);
  const added = await addModel({ config, path, answers: {}, answer });
  const { manifest, concluded } = added;
  const family = concluded.find(({ what }) => what === 'family');
  onStep(`model ${manifest.name}: added from ${path} (${family?.value}, ${family?.because})`);
  return models.publish(added.path, manifest);
}
