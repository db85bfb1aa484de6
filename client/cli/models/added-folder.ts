import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Config } from '../../../config.js';
import { AppError } from '../../../domain/errors.js';
import { unpublishedManifestSchema } from '../../../domain/model-manifest.js';
import type { KnownModel } from '../../../models/catalogue.js';

/** A model that was added on this machine: its file and its manifest, in a folder of its name. */
export interface AddedModel {
  readonly path: string;
  readonly manifest: KnownModel;
}

type Folder = Pick<Config, 'dataDir'>;

const folderOf = ({ dataDir }: Folder, name: string) => resolve(dataDir, 'models', name);

/** Keeps a model in the data folder, from where each start of the stack publishes it. */
export async function keepModel(
  config: Folder,
  path: string,
  manifest: KnownModel,
): Promise<AddedModel> {
  const folder = folderOf(config, manifest.name);
  const draft = `${folder}.${randomUUID()}`;
  await mkdir(draft, { recursive: true, mode: 0o700 });
  try {
    await copyFile(path, join(draft, 'model.onnx'));
    await writeFile(join(draft, 'manifest.json'), JSON.stringify(manifest, null, 2));
    await rm(folder, { recursive: true, force: true });
    await rename(draft, folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return { path: join(folder, 'model.onnx'), manifest };
}

/** Models that were added on this machine. @throws AppError `MODEL_INVALID` for a damaged manifest. */
export async function listAdded(config: Folder): Promise<AddedModel[]> {
  const root = resolve(config.dataDir, 'models');
  const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.includes('.'));
  return Promise.all(folders.map(({ name }) => readAdded(join(root, name))));
}

async function readAdded(folder: string): Promise<AddedModel> {
  const path = join(folder, 'manifest.json');
  try {
    const text = await readFile(path, 'utf8');
    return {
      path: join(folder, 'model.onnx'),
      manifest: unpublishedManifestSchema.parse(JSON.parse(text)),
    };
  } catch (cause) {
    const advice = `Add the model again, or remove the folder ${folder}.`;
    throw new AppError('MODEL_INVALID', `${path} is damaged. ${advice}`, {}, { cause });
  }
}

/** Forgets the file of these bytes under this name, so that no start publishes it again. */
export async function forgetModel(
  config: Folder,
  { name, sha256 }: Pick<KnownModel, 'name' | 'sha256'>,
): Promise<void> {
  const added = (await listAdded(config)).find(({ manifest }) => manifest.name === name);
  if (added?.manifest.sha256 !== sha256) return;
  await rm(folderOf(config, name), { recursive: true, force: true });
}
