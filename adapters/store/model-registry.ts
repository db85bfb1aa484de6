import { AppError, hasCode, messageOf } from '../../domain/errors.js';
import { modelBehaviourHash } from '../../domain/hash.js';
import {
  BEST_MODEL_NAME,
  KNOWN_MODEL_FILES,
  MOCK_MODEL_NAME,
  YOLOX_NANO_FILE,
} from '../../domain/model/known-models.js';
import { parseCatalogueSpec } from '../../domain/model/mlflow-ref.js';
import {
  expectManifest,
  type ModelManifest,
  modelManifestSchema,
} from '../../domain/model/model-manifest.js';
import { findsObjects } from '../../domain/model/model-output.js';
import { isModelPath, modelNameOf, type ModelSpec } from '../../domain/model/model-spec.js';
import { BUCKETS, isId, keys } from '../../domain/names.js';
import type {
  DamagedModel,
  ModelReader,
  ModelRegistry,
} from '../../domain/ports/model-registry.js';
import type { ObjectStore, ReadableObjects } from '../../domain/ports/object-store.js';
import { createModelAliases, listAliases, resolveAlias } from './model-aliases.js';
import { putFiles, removeFiles, verifyFiles } from './model-objects.js';
import { expectOwner, findMirrored } from './model-owner.js';

/** Stores models by name and version in the bucket `models`. */
export function createModelRegistry(store: ObjectStore): ModelRegistry {
  return {
    ...createModelReader(store),
    listDamaged: async () => (await listManifests(store)).damaged,
    publish: (path, manifest) => publish(store, path, manifest),
    verify: (manifest) => verifyFiles(store, manifest),
    aliases: createModelAliases(store),
    remove: (model) => remove(store, model),
  };
}

/** Reads the models and aliases of a catalogue. */
export function createModelReader(store: ReadableObjects): ModelReader {
  return {
    resolve: (spec) => resolve(store, spec),
    list: async () => (await listManifests(store)).manifests,
    aliases: { list: (name) => listAliases(store, name) },
  };
}

async function resolve(store: ReadableObjects, asked: string | undefined): Promise<ModelManifest> {
  const given = asked ?? (await defaultModel(store));
  const spec = isModelPath(given) ? modelNameOf(given) : given;
  const manifest = await findManifest(store, parseCatalogueSpec(spec));
  if (manifest) return manifest;
  const known = (await listManifests(store)).manifests.map(
    (each) => `${each.name}@${each.version}`,
  );
  throw new AppError(
    'MODEL_NOT_FOUND',
    `No model ${JSON.stringify(spec)} in the catalogue (available: ${known.join(', ') || 'none'}).`,
    { model: spec },
    { advice: 'get-model' },
  );
}

async function findManifest(
  store: ReadableObjects,
  spec: ModelSpec | undefined,
): Promise<ModelManifest | undefined> {
  if (!spec) return undefined;
  const versions = await versionsOf(store, spec.name);
  if (versions.length === 0) return undefined;
  const { name, alias, version = versions.at(-1)! } = spec;
  if (alias === undefined) return readManifest(store, name, version);
  const record = await resolveAlias(store, name, alias);
  const manifest = await readManifest(store, name, record.version);
  if (manifest?.sha256 === record.sha256) return manifest;
  throw new AppError(
    'MODEL_NOT_FOUND',
    `The alias ${name}@${alias} refers to version ${record.version}, which was removed. Move it to a version of ${name}: ${versions.join(', ')}.`,
    { model: `${name}@${alias}` },
  );
}

/**
 * The user's best model, else the first of the known models, else the first trained model in the
 * catalogue. Only models that detect objects count, in their newest such version.
 */
async function defaultModel(store: ReadableObjects): Promise<string> {
  const present = new Map<string, number>();
  for (const { name, version, task } of (await listManifests(store)).manifests) {
    if (name === MOCK_MODEL_NAME || !findsObjects(task)) continue;
    present.set(name, Math.max(version, present.get(name) ?? 0));
  }
  const known = [BEST_MODEL_NAME, ...KNOWN_MODEL_FILES.map(({ facts }) => facts.name)];
  const name = known.find((each) => present.has(each)) ?? [...present.keys()][0];
  return name === undefined ? YOLOX_NANO_FILE.facts.name : `${name}@${present.get(name)}`;
}

async function versionsOf(store: ReadableObjects, name: string): Promise<number[]> {
  if (!isId(name)) return [];
  const versions: number[] = [];
  for await (const key of store.list(BUCKETS.models, `${name}/`)) {
    const version = /^[^/]+\/(\d+)\/manifest\.json$/.exec(key)?.[1];
    if (version) versions.push(Number(version));
  }
  return versions.sort((a, b) => a - b);
}

/** @throws AppError `MODEL_INVALID` if the manifest is damaged. */
async function readManifest(store: ReadableObjects, name: string, version: number) {
  const key = keys.manifest(name, version);
  const data = await store.find(BUCKETS.models, key);
  if (!data) return undefined;
  try {
    return modelManifestSchema.parse(JSON.parse(data.toString('utf8')));
  } catch (cause) {
    throw new AppError(
      'MODEL_INVALID',
      `The manifest ${key} in the bucket ${BUCKETS.models} is damaged. Remove this version with "vidette models remove ${name}@${version}", then add the model again. ${messageOf(cause)}`,
      { model: name },
      { cause },
    );
  }
}

/** Lists the models below a prefix; a damaged manifest does not affect the others. */
async function listManifests(store: ReadableObjects, prefix = '') {
  const manifests: ModelManifest[] = [];
  const damaged: DamagedModel[] = [];
  for await (const key of store.list(BUCKETS.models, prefix)) {
    const match = /^([^/]+)\/(\d+)\/manifest\.json$/.exec(key);
    if (!match || !isId(match[1])) continue;
    const [name, version] = [match[1]!, Number(match[2])];
    try {
      const manifest = await readManifest(store, name, version);
      if (manifest) manifests.push(manifest);
    } catch (error) {
      if (!hasCode(error, 'MODEL_INVALID')) throw error;
      damaged.push({ name, version, reason: messageOf(error) });
    }
  }
  return { manifests, damaged };
}

type Unpublished = Omit<ModelManifest, 'version'>;

/**
 * Publishes a model; for an existing version, only missing or damaged files are uploaded.
 * @throws AppError `MODEL_INVALID` for a manifest that could not be read again.
 */
async function publish(
  store: ObjectStore,
  path: string,
  manifest: Unpublished,
): Promise<ModelManifest> {
  expectManifest(manifest);
  const { manifests } = await listManifests(store, `${manifest.name}/`);
  expectOwner(manifests, manifest);
  const same = findSame(manifests, manifest);
  const version = manifest.mlflow?.version ?? (await newestVersion(store, manifest)) + 1;
  const published = same ?? { ...manifest, version };
  await putFiles(store, path, published);
  if (!same) await putManifest(store, published);
  return published;
}

/** Finds the version of the model with the same behaviour; of MLflow, that with the same number. */
function findSame(
  manifests: readonly ModelManifest[],
  manifest: Unpublished,
): ModelManifest | undefined {
  if (manifest.mlflow) return findMirrored(manifests, manifest);
  const behaviour = modelBehaviourHash(manifest);
  return manifests
    .toSorted((a, b) => a.version - b.version)
    .find((known) => modelBehaviourHash(known) === behaviour);
}

async function newestVersion(store: ObjectStore, { name }: Unpublished): Promise<number> {
  return (await versionsOf(store, name)).at(-1) ?? 0;
}

/** Written last: a version without a manifest does not exist. */
async function putManifest(store: ObjectStore, manifest: ModelManifest): Promise<void> {
  const key = keys.manifest(manifest.name, manifest.version);
  const text = JSON.stringify(manifest, null, 2);
  await store.put(BUCKETS.models, key, text, { contentType: 'application/json' });
}

async function remove(
  store: ObjectStore,
  { name, version }: Pick<ModelManifest, 'name' | 'version'>,
): Promise<void> {
  // Removed first: a version without a manifest does not exist.
  await store.remove(BUCKETS.models, keys.manifest(name, version));
  await removeFiles(store, { name, version });
}
