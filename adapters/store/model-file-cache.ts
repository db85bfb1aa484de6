import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { filesOf, getFile, isFile } from './model-objects.js';
import { AppError, hasCode } from '../../domain/errors.js';
import { modelContentHash } from '../../domain/hash.js';
import { ensembleSha256 } from '../../domain/model/build-ensemble.js';
import type { ModelDataFile, ModelManifest, ModelRef } from '../../domain/model/model-manifest.js';
import { MODEL_FILE } from '../../domain/names.js';
import type { LocalModel, ModelFiles, ModelRegistry } from '../../domain/ports/model-registry.js';
import type { ReadableObjects } from '../../domain/ports/object-store.js';

/**
 * Caches models on this host, in one folder per content: an ONNX file and its data files, each
 * verified by its SHA-256 before use.
 */
export function createModelFiles(
  store: ReadableObjects,
  registry: Pick<ModelRegistry, 'resolve'>,
  folder: string,
): ModelFiles {
  /** Size and times, by path, of the files that this process has verified. */
  const verified = new Map<string, string>();

  /** Downloads a file that is missing or damaged on this host. */
  async function ensure(manifest: ModelManifest, file: ModelDataFile, path: string) {
    const found = await stampOf(path);
    if (found !== undefined && found === verified.get(path)) return;
    const isWhole = found !== undefined && (await isFile(path, file));
    if (!isWhole) await download(store, manifest, file, path);
    verified.set(path, (isWhole ? found : await stampOf(path)) ?? '');
  }

  /** Fetches the model of a reference, and the members of an ensemble. */
  async function fetch(model: ModelRef): Promise<LocalModel> {
    const manifest = await manifestOf(registry, model);
    const { task, output } = manifest;
    if (output.family !== 'ensemble') return fetchFiles(manifest);
    if (ensembleSha256({ task, output }) !== model.sha256) throw changedEnsemble(manifest);
    const members: LocalModel[] = [];
    for (const member of output.members) {
      members.push(
        await fetch(member).catch((error: unknown) => missingMember(manifest, member, error)),
      );
    }
    return { manifest, path: '', members };
  }

  async function fetchFiles(manifest: ModelManifest): Promise<LocalModel> {
    const home = join(folder, modelContentHash(manifest));
    for (const file of filesOf(manifest)) await ensure(manifest, file, join(home, file.name));
    return { manifest, path: join(home, MODEL_FILE) };
  }

  return { fetch };
}

function changedEnsemble({ name, version, sha256 }: ModelManifest): AppError {
  return new AppError(
    'MODEL_UNAVAILABLE',
    `The manifest of ensemble ${name}@${version} was changed: the SHA-256 of its definition is not ${sha256}. Remove it with "vidette models remove ${name}@${version}" and create it again.`,
    { model: name },
  );
}

/** @throws AppError `MODEL_UNAVAILABLE` for a member that was removed, else the error itself. */
function missingMember({ name, version }: ModelManifest, member: ModelRef, error: unknown): never {
  if (!hasCode(error, 'MODEL_NOT_FOUND')) throw error;
  const problem = `Member ${member.name}@${member.version} of ensemble ${name}@${version} is missing from the catalogue`;
  throw new AppError(
    'MODEL_UNAVAILABLE',
    `${problem}. Add the file of SHA-256 ${member.sha256} as that version again, or remove the ensemble with "vidette models remove ${name}@${version}".`,
    { model: name },
    { cause: error },
  );
}

/** The manifest of the model that a job was opened with. */
async function manifestOf(
  registry: Pick<ModelRegistry, 'resolve'>,
  { name, version, sha256 }: ModelRef,
): Promise<ModelManifest> {
  const manifest = await registry.resolve(`${name}@${version}`);
  if (manifest.sha256 === sha256) return manifest;
  throw new AppError(
    'MODEL_NOT_FOUND',
    `Model ${name}@${version} was removed, and another file has its number now. Add the file of SHA-256 ${sha256} again, and start a new job with it.`,
    { model: name },
  );
}

/** Downloads a file and moves it into place atomically. */
async function download(
  store: ReadableObjects,
  manifest: ModelManifest,
  file: ModelDataFile,
  path: string,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${randomUUID()}`;
  try {
    await getFile(store, manifest, file, draft);
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Value that changes when a file is written: its inode, size and times. */
async function stampOf(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found && `${found.ino} ${found.size} ${found.mtimeMs} ${found.ctimeMs}`;
}
