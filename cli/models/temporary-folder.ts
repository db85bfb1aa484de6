import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Config } from '../../config/index.js';

/** Runs `work` with a folder in the data folder, which is removed afterwards. */
export async function withTemporaryFolder<T>(
  { dataDir }: Pick<Config, 'dataDir'>,
  prefix: string,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const root = resolve(dataDir, 'downloads');
  await mkdir(root, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(root, prefix));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
