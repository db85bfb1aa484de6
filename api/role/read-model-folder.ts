import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { FolderObject } from '../../adapters/store/folder-objects.js';
import { filesOf } from '../../adapters/store/model-objects.js';
import { AppError, messageOf } from '../../domain/errors.js';
import {
  type ModelManifest,
  unpublishedManifestSchema,
} from '../../domain/model/model-manifest.js';
import { modelNameOf } from '../../domain/model/model-spec.js';
import { isId, keys, MANIFEST_FILE, MODEL_FILE } from '../../domain/names.js';
import type { ModelRuns } from '../../models/add/model-runs.js';
import { testModel } from '../../models/add/test-model.js';
import { manifestFor } from '../../models/catalogue.js';
import { sha256OfFile } from '../../platform/file-hash.js';

export interface ReadFolderDeps {
  /** Runs models whose file is not a known one. */
  readonly runs: Pick<ModelRuns, 'measureOutputs' | 'selfTest'>;
  /** Called with the reason for each model that is left out. */
  readonly onLeftOut: (path: string, reason: string) => void;
}

type Objects = Map<string, FolderObject>;

/** Version of a model whose folder names none. */
const VERSION = 1;
const IS_VERSION = /^[1-9][0-9]{0,8}$/;

/** Reads folders of models; a version in a later one replaces that of an earlier one. */
export async function readModelFolders(
  folders: readonly string[],
  deps: ReadFolderDeps,
): Promise<Objects> {
  const objects: Objects = new Map();
  for (const folder of folders) {
    for (const [key, object] of await readModelFolder(folder, deps)) objects.set(key, object);
  }
  return objects;
}

/**
 * Reads a folder of models as objects of the bucket `models`: ONNX files, folders of `vidette models
 * add` (`NAME/manifest.json`), and a copy of the bucket (`NAME/VERSION/manifest.json`).
 * @throws AppError `SETUP_FAILED` if the folder cannot be read.
 */
export async function readModelFolder(folder: string, deps: ReadFolderDeps): Promise<Objects> {
  const objects: Objects = new Map();
  for (const entry of await entriesOf(folder)) {
    const path = join(folder, entry.name);
    try {
      if (entry.isDirectory() && isId(entry.name)) await addFolder(objects, path, entry.name);
      else if (entry.name.endsWith('.onnx')) await addFile(objects, path, deps);
    } catch (error) {
      deps.onLeftOut(path, messageOf(error));
    }
  }
  return objects;
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (cause) {
    throw new AppError(
      'SETUP_FAILED',
      `The folder of models ${folder} (VIDETTE_MODELS_DIR) cannot be read: ${messageOf(cause)}.`,
      {},
      { cause },
    );
  }
}

async function addFile(objects: Objects, path: string, { runs }: ReadFolderDeps): Promise<void> {
  const known = manifestFor(await sha256OfFile(path));
  const name = modelNameOf(path);
  const answer = refuseQuestions(path);
  const manifest = known ?? (await testModel({ path, runs, name, answers: {}, answer })).manifest;
  addVersion(objects, path, { ...manifest, version: VERSION });
}

/** Questions about a model cannot be answered while a server starts. */
function refuseQuestions(path: string) {
  return (questions: readonly { readonly ask: string }[]) =>
    Promise.reject(
      new AppError(
        'MODEL_INVALID',
        `More information about ${path} is needed: ${questions.map(({ ask }) => ask).join(' ')} Add it with "vidette models add", which asks, and use the folder "models" of the data folder.`,
      ),
    );
}

/** Adds a folder of one version, or of numbered versions with aliases. */
async function addFolder(objects: Objects, folder: string, name: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  if (entries.some((entry) => entry.name === MANIFEST_FILE)) {
    const text = await readFile(join(folder, MANIFEST_FILE), 'utf8');
    const manifest = unpublishedManifestSchema.parse(JSON.parse(text));
    return addVersion(objects, join(folder, MODEL_FILE), { ...manifest, version: VERSION });
  }
  const isRead = (each: string) => IS_VERSION.test(each) || each === 'aliases';
  for (const entry of entries.filter((each) => each.isDirectory() && isRead(each.name))) {
    const files = await readdir(join(folder, entry.name), { recursive: true, withFileTypes: true });
    for (const file of files.filter((each) => each.isFile())) {
      const path = join(file.parentPath, file.name);
      objects.set(`${name}/${relative(folder, path)}`, { path });
    }
  }
}

/** Adds a version whose ONNX file is `path`, next to its data files. */
function addVersion(objects: Objects, path: string, manifest: ModelManifest): void {
  const { name, version } = manifest;
  objects.set(keys.manifest(name, version), { text: JSON.stringify(manifest) });
  for (const file of filesOf(manifest)) {
    if (file.name === MODEL_FILE) objects.set(keys.model(name, version), { path });
    else {
      const data = { path: join(dirname(path), file.name) };
      objects.set(keys.modelData(name, version, file.name), data);
    }
  }
}
