import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { checkExecutable, type Check } from './executables.js';

/** Creates an executable in a temporary folder, checks it, and moves it to `binDir` atomically. */
export async function installInto(
  binDir: string,
  fileName: string,
  check: Check,
  create: (folder: string) => Promise<string>,
): Promise<string> {
  await mkdir(binDir, { recursive: true });
  const folder = await mkdtemp(join(binDir, '.new-'));
  try {
    const created = await create(folder);
    await chmod(created, 0o755);
    await checkExecutable(created, check);
    await rename(created, join(binDir, fileName));
    return join(binDir, fileName);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
