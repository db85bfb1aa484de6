import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import getPort from 'get-port';
import { ownEnvironment } from '../../config/index.js';
import { AppError } from '../../domain/errors.js';
import { projectFile } from '../../platform/package-root.js';

const HOST = '127.0.0.1';
const LOOK_MS = 100;

/**
 * Runs work with the role `images` in a process of its own, with a model and a number of lanes.
 * @param work receives the URL of the process, which is ready.
 */
export async function withRole(
  { modelPath, name, lanes }: { modelPath: string; name: string; lanes: number },
  work: (url: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'vidette-load-'));
  const port = await getPort({ host: HOST });
  const child = spawn(process.execPath, [projectFile('dist/api/images-main.js')], {
    cwd: folder,
    env: {
      ...ownEnvironment(),
      ...{ VIDETTE_DATA_DIR: folder, VIDETTE_API_HOST: HOST, VIDETTE_API_PORT: String(port) },
      ...{ VIDETTE_MODELS_DIR: dirname(modelPath), VIDETTE_MODEL: name, VIDETTE_CLASSIFIER: name },
      ...{ VIDETTE_API_LANES: String(lanes), VIDETTE_API_OPEN: 'true', LOG_LEVEL: 'error' },
      VIDETTE_API_RATE: '1000000',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    const url = `http://${HOST}:${port}`;
    while (!(await isReady(url))) {
      if (child.exitCode !== null)
        throw new AppError('SETUP_FAILED', `The role images ended with ${child.exitCode}.`);
      await sleep(LOOK_MS);
    }
    await work(url);
  } finally {
    if (child.exitCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    await rm(folder, { recursive: true, force: true });
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz`)).ok;
  } catch {
    return false;
  }
}
