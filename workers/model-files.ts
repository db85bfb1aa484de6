import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../domain/errors.js';
import { BUCKETS, keys } from '../domain/names.js';
import type { ModelFiles, ModelRegistry, ObjectStore } from '../domain/ports.js';

/** Models of the store, cached on this host by SHA-256 and verified before they are used. */
export function createModelFiles(
  store: ObjectStore,
  registry: ModelRegistry,
  folder: string,
): ModelFiles {
  return {
    fetch: async (model) => {
      const manifest = await registry.resolve(`${model.name}@${model.version}`);
      const path = join(folder, `${model.sha256}.onnx`);
      if (await stat(path).catch(() => undefined)) return { manifest, path };
      await mkdir(folder, { recursive: true });
      const draft = `${path}.${randomUUID()}`;
      try {
        await store.getFile(BUCKETS.models, keys.model(model.name, model.version), draft);
        await verify(draft, model.sha256, model.name);
        await rename(draft, path);
      } finally {
        await rm(draft, { force: true });
      }
      return { manifest, path };
    },
  };
}

async function verify(path: string, expected: string, name: string): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  if (hash.digest('hex') === expected) return;
  throw new AppError(
    'MODEL_UNAVAILABLE',
    `The stored file of model ${name} does not have SHA-256 ${expected}: it is damaged. Publish it again with "vidette models pull".`,
    { model: name },
  );
}
