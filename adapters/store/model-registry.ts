import { AppError } from '../../domain/errors.js';
import { modelBehaviourHash } from '../../domain/hash.js';
import {
  BEST_MODEL_NAME,
  KNOWN_MODEL_FILES,
  MOCK_MODEL_NAME,
  YOLOX_NANO_FILE,
} from '../../domain/model/known-models.js';
import { type ModelManifest, modelManifestSchema } from '../../domain/model/model-manifest.js';
import { findsObjects } from '../../domain/model/model-output.js';
import { isModelPath, modelNameOf } from '../../domain/model/model-spec.js';
import { BUCKETS, isId, keys } from '../../domain/names.js';
import type { ModelRegistry } from '../../domain/ports/model-registry.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import { putFiles, removeFiles } from './model-objects.js';

/** Stores models by name and version in the bucket `models`. */
export function createModelRegistry(store: ObjectStore): ModelRegistry {
  return {
    resolve: (spec) => resolve(store, spec),
    list: () => listManifests(store),
    publish: (path, manifest) => publish(store, path, manifest),
    remove: (model) => remove(store, model),
  };
}

async function resolve(store: ObjectStore, asked: string | undefined): Promise<ModelManifest> {
  const given = asked ?? (await defaultModel(store));
  const spec = isModelPath(given) ? modelNameOf(given) : given;
  const [name = '', wanted] = spec.split('@');
  const version = wanted ? Number(wanted) : (await versionsOf(store, name)).at(-1);
  const manifest = version && (await readManifest(store, name, version));
  if (manifest) return manifest;
  const known = (await listManifests(store)).map((each) => `${each.name}@${each.version}`);
  throw new AppError(
    'MODEL_NOT_FOUND',
    `No model ${JSON.stringify(spec)} in the catalogue (available: ${known.join(', ') || 'none'}).`,
    { model: spec },
    { advice: 'get-model' },
  );
}

/**
 * The user's best model, else the first of the known models, else the first trained model in the
 * catalogue. Only models that detect objects count, in their newest such version.
 */
async function defaultModel(store: ObjectStore): Promise<string> {
  const present = new Map<string, number>();
  for (const { name, version, task } of await listManifests(store)) {
    if (name === MOCK_MODEL_NAME || !findsObjects(task)) continue;
    present.set(name, Math.max(version, present.get(name) ?? 0));
  }
  const known = [BEST_MODEL_NAME, ...KNOWN_MODEL_FILES.map(({ facts }) => facts.name)];
  const name = known.find((each) => present.has(each)) ?? [...present.keys()][0];
  return name === undefined ? YOLOX_NANO_FILE.facts.name : `${name}@${present.get(name)}`;
}

async function versionsOf(store: ObjectStore, name: string): Promise<number[]> {
  if (!isId(name)) return [];
  const versions: number[] = [];
  for await (const key of store.list(BUCKETS.models, `${name}/`)) {
    const version = /^[^/]+\/(\d+)\/manifest\.json$/.exec(key)?.[1];
    if (version) versions.push(Number(version));
  }
  return versions.sort((a, b) => a - b);
}

async function readManifest(store: ObjectStore, name: string, version: number) {
  const key = keys.manifest(name, version);
  const data = await store.find(BUCKETS.models, key);
  if (!data) return undefined;
  const parsed = modelManifestSchema.safeParse(JSON.parse(data.toString('utf8')));
  if (parsed.success) return parsed.data;
  throw new AppError('MODEL_INVALID', `The manifest ${key} is damaged: ${parsed.error.message}`);
}

async function listManifests(store: ObjectStore): Promise<ModelManifest[]> {
  const manifests: ModelManifest[] = [];
  for await (const key of store.list(BUCKETS.models, '')) {
    const match = /^([^/]+)\/(\d+)\/manifest\.json$/.exec(key);
    const manifest = match && (await readManifest(store, match[1]!, Number(match[2])));
    if (manifest) manifests.push(manifest);
  }
  return manifests;
}

type Unpublished = Omit<ModelManifest, 'version'>;

/** Publishes a model; for an existing version, only missing or damaged files are uploaded. */
async function publish(
  store: ObjectStore,
  path: string,
  manifest: Unpublished,
): Promise<ModelManifest> {
  const versions = await versionsOf(store, manifest.name);
  const meaning = modelBehaviourHash(manifest);
  for (const version of versions) {
    const known = await readManifest(store, manifest.name, version);
    if (!known || modelBehaviourHash(known) !== meaning) continue;
    await putFiles(store, path, known);
    return known;
  }
  const published: ModelManifest = { ...manifest, version: (versions.at(-1) ?? 0) + 1 };
  await putFiles(store, path, published);
  await putManifest(store, published);
  return published;
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
