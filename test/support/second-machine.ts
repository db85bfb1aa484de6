import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestStack } from './stack.js';
import { startWorkers, type TestWorkers } from './workers.js';

/** Returns the data folder of the second machine's workers. */
export const secondFolder = ({ folder }: Pick<TestStack, 'folder'>) => join(folder, 'second');

/** Starts workers as on another machine, which share only the servers. */
export async function startSecondMachine(
  stack: Pick<TestStack, 'folder' | 'settings'>,
): Promise<TestWorkers> {
  const folder = secondFolder(stack);
  await mkdir(join(folder, 'logs'), { recursive: true });
  const folders = { VIDETTE_DATA_DIR: folder, VIDETTE_SCRATCH_DIR: join(folder, 'scratch') };
  return startWorkers(folder, { ...stack.settings, ...folders });
}
