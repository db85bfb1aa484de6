import { join } from 'node:path';
import { createObjectStore } from '../adapters/store/minio-object-store.js';
import { createDocumentStore } from '../adapters/store/mongo-document-store.js';
import { createModelRegistry } from '../adapters/store/model-registry.js';
import { connectClient } from '../adapters/temporal/connection.js';
import { ensureNamespace } from '../adapters/temporal/namespace.js';
import { ensureSearchAttributes } from '../adapters/temporal/search-attributes.js';
import type { Config } from '../config/index.js';
import { AppError, hasCode, messageOf } from '../domain/errors.js';
import type { ModelManifest } from '../domain/model/model-manifest.js';
import { MOCK_MODEL_NAME } from '../domain/model/known-models.js';
import { BUCKETS } from '../domain/names.js';
import type { ModelRegistry } from '../domain/ports/model-registry.js';
import { manifestFor } from '../models/catalogue.js';
import { type ChosenModel, chosenModel } from '../stack/model-sources/chosen-model.js';
import { pullModel, type PullModelRequest } from '../stack/model-sources/pull-model.js';
import type { OnStep } from '../stack/on-step.js';
import { listAdded } from './models/added-folder.js';
import { findKnownModels } from './models/local-models.js';
import { createModelRuns } from '../models/add/model-runs.js';
import { addToCatalogue } from './models/use-model.js';

/** Prepares a cluster for Vidette; repeating it changes nothing. */
export async function initialise(config: Config, onStep: OnStep): Promise<void> {
  await prepareTemporal(config, onStep);
  await prepareDocuments(config, onStep);
  const objects = createObjectStore(config.objectStore);
  for (const bucket of Object.values(BUCKETS)) await objects.ensureBucket(bucket);
  onStep(`object store: buckets ${Object.values(BUCKETS).join(', ')}`);
  const registry = createModelRegistry(objects);
  await publishModels(config, registry, onStep);
}

/** Publishes the default model and those that were added or pulled on this machine. */
async function publishModels(
  config: Config,
  registry: ModelRegistry,
  onStep: OnStep,
): Promise<void> {
  await publishAdded(config, registry, onStep);
  const chosen = await chosenModel(config);
  const { name, version, licence } = await publishChosen(chosen, config, registry, onStep);
  onStep(`model: ${name}, version ${version}, licence ${licence}`);
  await publishPulled(config, registry, name);
}

/** Publishes the models that were added on this machine; a damaged one does not stop the others. */
async function publishAdded(config: Config, registry: ModelRegistry, onStep: OnStep) {
  for (const { path, manifest } of await listAdded(config, onStep)) {
    try {
      await registry.publish(path, manifest);
    } catch (error) {
      if (!hasCode(error, 'MODEL_INVALID')) throw error;
      onStep(messageOf(error));
    }
  }
}

async function publishChosen(
  chosen: ChosenModel | undefined,
  config: Config,
  models: ModelRegistry,
  onStep: OnStep,
): Promise<ModelManifest> {
  if (!chosen) return publishModel({ config, onStep }, models);
  if (chosen.kind === 'added') return models.resolve(chosen.name);
  const model = chosen.kind === 'mock' ? MOCK_MODEL_NAME : chosen.path;
  const runs = createModelRuns({ limits: config });
  return addToCatalogue({ config, models, runs, onStep }, model);
}

/** Publishes models that were pulled into the data folder while the catalogue was unavailable. */
async function publishPulled(
  { dataDir }: Config,
  registry: ModelRegistry,
  published: string,
): Promise<void> {
  for (const { path, manifest } of await findKnownModels([join(dataDir, 'models')])) {
    if (manifest.name !== published) await registry.publish(path, manifest);
  }
}

async function prepareTemporal(config: Config, onStep: OnStep): Promise<void> {
  const { namespace } = config.temporal;
  const { connection } = await connectClient(config.temporal);
  try {
    await ensureNamespace(connection, namespace);
    await ensureSearchAttributes(connection, namespace);
  } finally {
    await connection.close();
  }
  onStep(`Temporal: namespace ${namespace}, search attributes`);
}

async function prepareDocuments(config: Config, onStep: OnStep): Promise<void> {
  const documents = createDocumentStore(config.documentStore.uri);
  try {
    await documents.ensureIndexes();
  } finally {
    await documents.close();
  }
  onStep('document store: indexes');
}

/** Downloads a known model and publishes it to the catalogue. */
export async function publishModel(
  request: PullModelRequest,
  registry: ModelRegistry,
): Promise<ModelManifest> {
  const { path, model } = await pullModel(request);
  const manifest = manifestFor(model.sha256);
  if (!manifest) throw new AppError('MODEL_INVALID', `Model ${model.name} has no manifest.`);
  return registry.publish(path, manifest);
}
