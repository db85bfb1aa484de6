import { join } from 'node:path';
import { createFolderObjects } from '../../adapters/store/folder-objects.js';
import { createModelFiles } from '../../adapters/store/model-file-cache.js';
import { createModelReader } from '../../adapters/store/model-registry.js';
import type { ImagesRole } from '../../config/images-role.js';
import { environmentWithoutSecrets } from '../../config/secrets.js';
import { createModelRuns } from '../../models/add/model-runs.js';
import { linkToParent } from '../../platform/parent-death.js';
import type { ApiContext, ImageServices } from '../context.js';
import type { Experiments } from '../experiments/index.js';
import { startImages } from '../images/index.js';
import { openFileLog } from './file-log.js';
import { readModelFolders } from './read-model-folder.js';
import { openRoleKeys } from './role-keys.js';

const KEY_FILE = 'images-key.json';
const LOG_FILE = 'predictions.jsonl';

/**
 * Opens what the role `images` needs: models of folders, keys, and a log in the data folder.
 * @throws AppError if the model in use is missing, or the data folder cannot be written.
 */
export async function openRole(
  { config, modelFolders, keyHashes }: ImagesRole,
  { logger, metrics }: Pick<ApiContext, 'logger' | 'metrics'>,
): Promise<ImageServices> {
  const runs = createModelRuns({ limits: config, env: environmentWithoutSecrets() });
  const objects = await readModelFolders(modelFolders, {
    runs,
    onLeftOut: (path, reason) => logger.warn({ path, reason }, 'model left out'),
  });
  const store = createFolderObjects(objects);
  const reader = createModelReader(store);
  // Fails now rather than with the first image.
  await reader.resolve(config.images.classifier ?? config.model);
  const apiKeys = await openRoleKeys({
    hashes: config.api.auth === 'none' ? [] : keyHashes,
    path: join(config.dataDir, KEY_FILE),
    onCreated: (key) => process.stderr.write(`API key, which is shown only once: ${key}\n`),
  });
  const models = { ...reader, followedBy: () => undefined };
  const images = startImages({
    ...{ config, logger, metrics, models },
    files: createModelFiles(store, reader, join(config.scratchDir, 'models')),
    wrapper: await linkToParent('KILL'),
    log: await openFileLog({ path: join(config.dataDir, LOG_FILE), metrics, logger }),
    keep: () => Promise.resolve(false),
    experiments: NO_EXPERIMENTS,
  });
  return { images, models, apiKeys };
}

/** Experiments are in the document store. */
const NO_EXPERIMENTS: Experiments = {
  find: () => undefined,
  count: () => undefined,
  addShadow: ({ release }) => release(),
  close: () => Promise.resolve(),
};
