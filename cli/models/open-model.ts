import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { filesOf, getFile } from '../../adapters/store/model-objects.js';
import { createModelRegistry } from '../../adapters/store/model-registry.js';
import { createObjectStore } from '../../adapters/store/minio-object-store.js';
import type { Config } from '../../config/index.js';
import { AppError } from '../../domain/errors.js';
import { MOCK_MODEL_NAME } from '../../domain/model/known-models.js';
import { isModelPath, modelNameOf } from '../../domain/model/model-spec.js';
import { MODEL_FILE } from '../../domain/names.js';
import type { KnownModel } from '../../models/catalogue.js';
import { findServers, settingsInUse } from '../connect.js';
import { findAdded } from './added-folder.js';
import { manifestOf } from './add-model.js';
import { refuseQuestions } from './ask.js';
import { examine } from './examine.js';
import { listLocalModels } from './local-models.js';
import { withMockFile } from './use-model.js';

/** A model's file on this machine and its manifest, with a version if it is published. */
export interface OpenModel {
  readonly path: string;
  readonly manifest: KnownModel & { readonly version?: number };
}

type Work<T> = (model: OpenModel) => Promise<T>;

/**
 * Runs `work` with the model that a `--model` value refers to: a file, the mock, a name in the
 * catalogue or, if no servers run, a model on this machine.
 * @throws AppError `MODEL_NOT_FOUND` for an unknown name.
 */
export async function withModel<T>(config: Config, spec: string, work: Work<T>): Promise<T> {
  if (isModelPath(spec)) return work(await openFile(config, resolve(spec)));
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
async function openFile(config: Config, path: string): Promise<OpenModel> {
  const added = await findAdded(config, path);
  if (added) return added;
  const examined = await examine({ path, answers: {}, answer: refuseQuestions(path) });
  return { path, manifest: manifestOf(modelNameOf(path), examined, { path }) };
}

async function withPublished<T>(config: Config, spec: string, work: Work<T>): Promise<T> {
  const objects = createObjectStore(config.objectStore);
  const manifest = await createModelRegistry(objects).resolve(spec);
  const root = resolve(config.dataDir, 'downloads');
  await mkdir(root, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(root, 'model-'));
  try {
    for (const file of filesOf(manifest)) {
      await getFile(objects, manifest, file, join(folder, file.name));
    }
    return await work({ path: join(folder, MODEL_FILE), manifest });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
