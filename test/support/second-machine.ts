import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestStack } from './stack.js';
import { startWorkers, type TestWorkers } from './workers.js';

/** Folder of the workers that a second machine would have. */
export const secondFolder = ({ folder }: Pick<TestStack, 'folder'>) => join(folder, 'second');

/** Workers as on another machine: nothing is shared but the servers. */
export async function startSecondMachine(
  stack: Pick<TestStack, 'folder' | 'settings'>,
): Promise<TestWorkers> {
  const folder = secondFolder(stack);
  await mkdir(join(folder, 'logs'), { recursive: true });
  const own = { VIDETTE_DATA_DIR: folder, VIDETTE_SCRATCH_DIR: join(folder, 'scratch') };
  return startWorkers(folder, { ...stack.settings, ...own });
}
