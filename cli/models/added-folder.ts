import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { filesOf } from '../../adapters/store/model-objects.js';
import type { Config } from '../../config/index.js';
import { AppError, hasCode, messageOf } from '../../domain/errors.js';
import { modelContentHash, modelBehaviourHash } from '../../domain/hash.js';
import { expectManifest, unpublishedManifestSchema } from '../../domain/model/model-manifest.js';
import { MANIFEST_FILE, MODEL_FILE } from '../../domain/names.js';
import type { KnownModel } from '../../models/catalogue.js';
import { readOnnxFile } from '../../models/onnx/onnx-file.js';
import { readContent } from '../../models/add/content.js';

/** A model that was added on this machine, in a folder of its name in the data folder. */
export interface AddedModel {
  readonly path: string;
  readonly manifest: KnownModel;
}

type Folder = Pick<Config, 'dataDir'>;

const folderOf = ({ dataDir }: Folder, name: string) => resolve(dataDir, 'models', name);

/** Copies a model and its data files to the data folder; every start of the stack publishes it. */
export async function keepModel(
  config: Folder,
  path: string,
  manifest: KnownModel,
): Promise<AddedModel> {
  expectManifest(manifest);
  const folder = folderOf(config, manifest.name);
  const draft = `${folder}.${randomUUID()}`;
  await mkdir(draft, { recursive: true, mode: 0o700 });
  try {
    await copyFiles(path, manifest, draft);
    await writeFile(join(draft, MANIFEST_FILE), JSON.stringify(manifest, null, 2));
    await removeFolder(folder);
    await rename(draft, folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return { path: join(folder, MODEL_FILE), manifest };
}

/** Renames the folder before deleting it, so that a concurrent listing never sees part of it. */
async function removeFolder(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  const gone = `${folder}.${randomUUID()}`;
  await rename(folder, gone);
  await rm(gone, { recursive: true, force: true });
}

async function copyFiles(path: string, manifest: KnownModel, folder: string): Promise<void> {
  for (const { name } of filesOf(manifest)) {
    const copy = join(folder, name);
    await mkdir(dirname(copy), { recursive: true });
    await copyFile(name === MODEL_FILE ? path : join(dirname(path), name), copy);
  }
}

/**
 * Lists the models added on this machine, except those whose manifest is damaged.
 * @param onDamaged receives the reason for each of those.
 */
export async function listAdded(
  config: Folder,
  onDamaged: (reason: string) => void = () => undefined,
): Promise<AddedModel[]> {
  const root = resolve(config.dataDir, 'models');
  const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.includes('.'));
  const readOne = async (name: string) => {
    try {
      return await readAdded(join(root, name));
    } catch (error) {
      onDamaged(messageOf(error));
      return undefined;
    }
  };
  const added = await Promise.all(folders.map(({ name }) => readOne(name)));
  return added.flatMap((model) => model ?? []);
}

/** Reads a model of the data folder; undefined if it was removed concurrently. */
async function readAdded(folder: string): Promise<AddedModel | undefined> {
  const path = join(folder, MANIFEST_FILE);
  try {
    const text = await readFile(path, 'utf8');
    return {
      path: join(folder, MODEL_FILE),
      manifest: unpublishedManifestSchema.parse(JSON.parse(text)),
    };
  } catch (cause) {
    if (!existsSync(folder)) return undefined;
    const advice = `Add the model again, or delete the folder ${folder}.`;
    throw new AppError('MODEL_INVALID', `${path} is damaged. ${advice}`, {}, { cause });
  }
}

/**
 * Finds the model that was added on this machine from a file with the same content.
 * @throws AppError `MODEL_INVALID` for a file that is not a model, or whose weights are missing.
 */
export async function findAdded(config: Folder, path: string): Promise<AddedModel | undefined> {
  const content = modelContentHash(await readContent(path, await readOnnxFile(path)));
  return (await listAdded(config)).find(({ manifest }) => modelContentHash(manifest) === content);
}

/** Deletes an added model with the same name and behaviour, so that it is not published again. */
export async function removeAddedModel(config: Folder, model: KnownModel): Promise<void> {
  const folder = folderOf(config, model.name);
  const added = await readAdded(folder);
  if (!added || modelBehaviourHash(added.manifest) !== modelBehaviourHash(model)) return;
  await removeFolder(folder);
}

/** Deletes the added model of a name if its manifest is damaged. */
export async function removeDamagedModel(config: Folder, name: string): Promise<void> {
  const folder = folderOf(config, name);
  try {
    await readAdded(folder);
  } catch (error) {
    if (!hasCode(error, 'MODEL_INVALID')) throw error;
    await removeFolder(folder);
  }
}
