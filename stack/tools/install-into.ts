import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { checked, type Check } from './executables.js';

/** Makes an executable in a folder beside its place, tries it, and moves it there in one step. */
export async function installInto(
  binDir: string,
  fileName: string,
  check: Check,
  make: (folder: string) => Promise<string>,
): Promise<string> {
  await mkdir(binDir, { recursive: true });
  const folder = await mkdtemp(join(binDir, '.new-'));
  try {
    const made = await make(folder);
    await chmod(made, 0o755);
    await checked(made, check);
    await rename(made, join(binDir, fileName));
    return join(binDir, fileName);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
