import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError, messageOf } from '../domain/errors.js';
import type { ModelRef } from '../domain/model-manifest.js';
import { BUCKETS, keys } from '../domain/names.js';
import type { LocalModel, ModelFiles, ModelRegistry, ObjectStore } from '../domain/ports.js';

/** Models of the store, cached on this host by SHA-256 and verified before they are used. */
export function createModelFiles(
  store: ObjectStore,
  registry: ModelRegistry,
  folder: string,
): ModelFiles {
  /** Size and time of change of the files whose bytes this process has verified, by path. */
  const verified = new Map<string, string>();
  return {
    fetch: async (model) => {
      const manifest = await manifestOf(registry, model);
      const path = join(folder, `${model.sha256}.onnx`);
      const found = await stampOf(path);
      if (found !== undefined && found === verified.get(path)) return { manifest, path };
      // A copy that was damaged on this host is replaced by the store's.
      const isWhole = found !== undefined && (await sha256Of(path)) === model.sha256;
      if (!isWhole) await download(store, model, path, folder);
      verified.set(path, (found !== undefined && isWhole ? found : await stampOf(path)) ?? '');
      return { manifest, path };
    },
  };
}

/** The manifest of the very model that a job was opened with. */
async function manifestOf(
  registry: ModelRegistry,
  { name, version, sha256 }: ModelRef,
): Promise<LocalModel['manifest']> {
  const manifest = await registry.resolve(`${name}@${version}`);
  if (manifest.sha256 === sha256) return manifest;
  throw unavailable(name, `is another file now than the one that was asked for (${sha256})`);
}

async function download(
  store: ObjectStore,
  { name, version, sha256 }: ModelRef,
  path: string,
  folder: string,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const draft = `${path}.${randomUUID()}`;
  const key = keys.model(name, version);
  try {
    if (!(await store.stat(BUCKETS.models, key))) throw unavailable(name, 'is missing');
    await store.getFile(BUCKETS.models, key, draft);
    if ((await sha256Of(draft)) !== sha256) {
      throw unavailable(name, `is damaged: its SHA-256 is not ${sha256}`);
    }
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}

/** What changes when a file is written: its size and times. */
async function stampOf(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found && `${found.ino} ${found.size} ${found.mtimeMs} ${found.ctimeMs}`;
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
  } catch (cause) {
    throw new AppError(
      'MODEL_UNAVAILABLE',
      `${path} cannot be read: ${messageOf(cause)}`,
      {},
      {
        cause,
      },
    );
  }
  return hash.digest('hex');
}

function unavailable(model: string, problem: string): AppError {
  return new AppError(
    'MODEL_UNAVAILABLE',
    `The stored file of model ${model} ${problem}. Bring it in again with "vidette models add FILE" or "vidette models pull"; the job goes on then.`,
    { model },
  );
}
