import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** Runs `work` with a folder below `downloads` in the data folder, which is removed afterwards. */
export async function withTemporaryFolder<T>(
  { dataDir }: { readonly dataDir: string },
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
