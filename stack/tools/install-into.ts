import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { checkExecutable, type Check } from './executables.js';

/** Name and check of an executable in the cache folder. */
export interface InstallTarget {
  readonly fileName: string;
  readonly check: Check;
}

/** Creates an executable in a temporary folder, checks it, and moves it to `binDir` atomically. */
export async function installInto(
  binDir: string,
  fileName: string,
  check: Check,
  create: (folder: string) => Promise<string>,
): Promise<string> {
  const [path = ''] = await installAllInto(binDir, [{ fileName, check }], async (folder) => [
    await create(folder),
  ]);
  return path;
}

/** Installs several executables, in the order in which `create` returns them, or none. */
export async function installAllInto(
  binDir: string,
  targets: readonly InstallTarget[],
  create: (folder: string) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  await mkdir(binDir, { recursive: true });
  const folder = await mkdtemp(join(binDir, '.new-'));
  try {
    const created = await create(folder);
    const pairs = targets.map((target, index) => ({ ...target, path: created[index] ?? '' }));
    for (const { path, check } of pairs) {
      await chmod(path, 0o755);
      await checkExecutable(path, check);
    }
    for (const { path, fileName } of pairs) await rename(path, join(binDir, fileName));
    return targets.map(({ fileName }) => join(binDir, fileName));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
