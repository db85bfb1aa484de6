import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { initialise } from '../../cli/initialise.js';
import { readConfig } from '../../config/index.js';
import { MOCK_MODEL_NAME } from '../../domain/model/known-models.js';
import { startApi } from './api.js';
import { pullIntoCache } from './pull-model.js';
import { publishImageModels } from './publish-models.js';
import { DELETE_RUNS_SOON } from './delete-runs-soon.js';
import { startStack } from './stack.js';
import { watchWorkers } from './watched-workers.js';
import { ALL_WORKERS } from './workers.js';
import { DENIED_ADDRESS, LABELS, MAX_FRAMES, PAGE_URL, WEBHOOK_SECRET } from './shared-settings.js';

/**
 * Starts the stack and both APIs that the files of test/shared use; its default model is `mock`,
 * which costs little. After the last file, fails if a worker has restarted, used too much memory or
 * left files behind.
 */
export default async function startSharedStack(project: TestProject): Promise<() => Promise<void>> {
  const files = await mkdtemp(join(tmpdir(), 'vidette-camera-files-'));
  const stack = await startStack(
    {
      VIDETTE_CAMERA_NETWORKS: '127.0.0.0/8',
      VIDETTE_FILE_ROOT: files,
      MAX_WORKERS: '8',
      VIDETTE_MODEL: MOCK_MODEL_NAME,
      VIDETTE_LANES: '3',
      VIDETTE_TRAIN: 'false',
      VIDETTE_WEBHOOK_SECRET: WEBHOOK_SECRET,
      VIDETTE_PAGE_URL: `${PAGE_URL}/`,
      VIDETTE_ALLOW_PRIVATE_ADDRESSES: 'true',
      VIDETTE_DENIED_ADDRESSES: DENIED_ADDRESS,
      VIDETTE_MAX_FRAMES: String(MAX_FRAMES),
    },
    DELETE_RUNS_SOON,
    await pullIntoCache(),
    ALL_WORKERS,
  );
  // Also the model that detects objects, for the jobs that name it.
  await initialise(readConfig({ ...stack.settings, VIDETTE_MODEL: '' }), () => undefined);
  await publishImageModels(stack, LABELS);
  const api = await startApi(stack);
  const keysApi = await startApi(stack, { VIDETTE_API_AUTH: 'keys' });
  const checkWorkers = watchWorkers(stack);
  project.provide('sharedStack', {
    settings: stack.settings,
    apiUrl: api.url,
    keysApiUrl: keysApi.url,
    workerUrls: {
      video_worker: stack.workers.healthUrl('video_worker'),
      detect_worker: stack.workers.healthUrl('detect_worker'),
      stream_worker: stack.workers.healthUrl('stream_worker'),
    },
    dataFolder: stack.folder,
  });
  return async () => {
    try {
      await checkWorkers();
    } finally {
      await Promise.all([api.stop(), keysApi.stop()]);
      await stack.close();
      await rm(files, { recursive: true, force: true });
    }
  };
}
